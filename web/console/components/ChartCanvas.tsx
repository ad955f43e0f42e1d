import { BarChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { type EChartsType, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { palette } from '#shared/theme/tokens.ts'
import { useMode } from '../lib/preferences.ts'
import { type ChartData, chartOptions } from './chart.options.ts'

use([BarChart, LineChart, GridComponent, TooltipComponent, LegendComponent, AriaComponent, SVGRenderer])

export function ChartCanvas({ name, height, data }: { name: string; height: number; data: ChartData }) {
  const mode = useMode()
  const holder = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType | null>(null)

  useEffect(() => {
    const element = holder.current
    if (!element) return
    const drawn = init(element)
    chart.current = drawn
    const observer = new ResizeObserver(() => drawn.resize())
    observer.observe(element)
    return () => {
      observer.disconnect()
      drawn.dispose()
      chart.current = null
    }
  }, [])

  useEffect(() => {
    chart.current?.setOption(chartOptions(data, palette(mode)), { notMerge: true })
  }, [data, mode])

  return <div ref={holder} role="img" aria-label={name} style={{ height }} />
}
