import type { components } from '#shared/api/schema.gen.ts'
import { fontFamily, type Palette } from '#shared/theme/tokens.ts'

export type RfmMap = components['schemas']['RfmMap']
export type Tier = components['schemas']['ValueTier']
export type Buyer = components['schemas']['RfmCustomer']
export type Axis = 'f' | 'm'

export const rfmKey = ['rfm'] as const
export const scores = [1, 2, 3, 4, 5] as const
export type Score = (typeof scores)[number]

export interface Cell {
  r: Score
  score: Score
  buyers: number
  net: number
}

/** All 25 cells of the map by R and the other axis; those that nobody stands in are empty. */
export function cellsOf(map: RfmMap, axis: Axis): Cell[] {
  return scores.flatMap((score) =>
    scores.map((r) => {
      const found = map.cells.filter((cell) => cell.r === r && cell[axis] === score)
      return {
        ...{ r, score },
        buyers: found.reduce((sum, cell) => sum + cell.buyers, 0),
        net: found.reduce((sum, cell) => sum + cell.net, 0),
      }
    }),
  )
}

/** What ECharts draws; `write` says a cell in two lines. */
export function heatOptions(cells: readonly Cell[], axis: Axis, palette: Palette, write: (cell: Cell) => string) {
  const label = { color: palette.quiet }
  const names = (of: string) => scores.map((score) => `${of} ${score}`)
  const most = Math.max(1, ...cells.map((cell) => cell.buyers))
  return {
    textStyle: { fontFamily },
    animationDuration: 250,
    grid: { left: 8, right: 8, top: 8, bottom: 8, containLabel: true },
    xAxis: { type: 'category' as const, data: names('R'), axisLabel: label, axisTick: { show: false } },
    yAxis: { type: 'category' as const, data: names(axis.toUpperCase()), axisLabel: label, axisTick: { show: false } },
    visualMap: { show: false, min: 0, max: most, inRange: { color: [palette.surface, palette.jade] } },
    aria: { enabled: true },
    series: [
      {
        type: 'heatmap' as const,
        data: cells.map((cell) => ({
          value: [cell.r - 1, cell.score - 1, cell.buyers],
          // light words only where the cell is darker than they would be read on
          label: { color: cell.buyers > most * 0.85 ? palette.surface : palette.ink },
        })),
        itemStyle: { borderColor: palette.line, borderWidth: 1 },
        emphasis: { itemStyle: { borderColor: palette.ink, borderWidth: 2 } },
        label: {
          show: true,
          lineHeight: 18,
          formatter: ({ dataIndex }: { dataIndex: number }) => {
            const cell = cells[dataIndex]
            return cell && cell.buyers > 0 ? write(cell) : ''
          },
        },
      },
    ],
  }
}

/** A score as the words' keys have it. */
export function scoreOf(value: number): Score {
  return scores.find((score) => score === value) ?? 1
}

/** An id for a new tier that none of these has. */
export function freshTierId(tiers: readonly { id: string }[]): string {
  const taken = new Set(tiers.map((tier) => tier.id))
  for (let number = tiers.length + 1; ; number += 1) if (!taken.has(`tier${number}`)) return `tier${number}`
}
