import { exactCount, shortCount } from '#shared/format/number.ts'
import { series as colours, fontFamily, type Palette } from '#shared/theme/tokens.ts'

export interface ChartData {
  kind: 'line' | 'bar' | 'stacked'
  labels: readonly string[]
  series: readonly { name: string; values: readonly (number | null)[] }[]
  /** Writes a value in the tooltip and the table; counts by default. */
  format?: (value: number) => string
}

const symbols = ['circle', 'rect', 'triangle', 'diamond', 'pin', 'roundRect'] as const
const dashes = ['solid', 'dashed', 'dotted', [8, 3, 2, 3], [2, 6], [12, 4]] as const

/** What ECharts draws. Pure, so that colours, dashes and numbers can be judged without a canvas. */
export function chartOptions(data: ChartData, palette: Palette) {
  const write = data.format ?? exactCount
  const axis = {
    axisLine: { lineStyle: { color: palette.line } },
    axisTick: { show: false },
    axisLabel: { color: palette.quiet },
  }
  return {
    textStyle: { fontFamily, color: palette.ink },
    animationDuration: 250,
    color: [...colours],
    grid: { left: 8, right: 16, top: data.series.length > 1 ? 40 : 16, bottom: 8, containLabel: true },
    legend: {
      show: data.series.length > 1,
      left: 0,
      top: 0,
      itemHeight: 10,
      textStyle: { color: palette.quiet },
    },
    tooltip: {
      trigger: 'axis' as const,
      backgroundColor: palette.raised,
      borderColor: palette.line,
      textStyle: { color: palette.ink },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? write(value) : '–'),
    },
    xAxis: { type: 'category' as const, data: [...data.labels], boundaryGap: data.kind !== 'line', ...axis },
    yAxis: {
      type: 'value' as const,
      minInterval: data.format === undefined ? 1 : 0,
      splitLine: { lineStyle: { color: palette.line } },
      axisLabel: {
        color: palette.quiet,
        formatter: (value: number) => (data.format ? data.format(value) : shortCount(value)),
      },
    },
    aria: { enabled: true },
    series: data.series.map((one, at) => ({
      name: one.name,
      data: [...one.values],
      ...(data.kind === 'line'
        ? {
            type: 'line' as const,
            symbol: symbols[at % symbols.length] ?? 'circle',
            symbolSize: 7,
            showSymbol: data.labels.length <= 31,
            lineStyle: { width: 2, type: dashOf(at) },
          }
        : {
            type: 'bar' as const,
            barMaxWidth: 28,
            ...(data.kind === 'stacked' ? { stack: 'all' } : {}),
            itemStyle: { borderRadius: data.kind === 'stacked' ? 0 : [4, 4, 0, 0], ...decalOf(at) },
          }),
    })),
  }
}

/** The first series is plain; the others are hatched, each at its own angle. */
function decalOf(at: number) {
  if (at === 0) return {}
  const rotation = (at * Math.PI) / 5
  return { decal: { symbol: 'rect', color: 'rgba(0, 0, 0, .18)', dashArrayX: [1, 0], dashArrayY: [2, 5], rotation } }
}

function dashOf(at: number): 'solid' | 'dashed' | 'dotted' | number[] {
  const dash = dashes[at % dashes.length] ?? 'solid'
  return typeof dash === 'string' ? dash : [...dash]
}
