import { HeatmapChart } from 'echarts/charts'
import { AriaComponent, GridComponent, VisualMapComponent } from 'echarts/components'
import { type EChartsType, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { palette } from '#shared/theme/tokens.ts'
import { useMode } from '../../lib/preferences.ts'
import { type Axis, type Cell, heatOptions } from './rfm.ts'

use([HeatmapChart, GridComponent, VisualMapComponent, AriaComponent, SVGRenderer])

/** The map itself; a click opens the buyers of a cell. By keyboard the table does the same. */
export function HeatCanvas({
  name,
  cells,
  axis,
  write,
  onOpen,
}: {
  name: string
  cells: readonly Cell[]
  axis: Axis
  write: (cell: Cell) => string
  onOpen: (cell: Cell) => void
}) {
  const mode = useMode()
  const holder = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType | null>(null)
  const open = useRef(onOpen)
  open.current = onOpen

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
    const drawn = chart.current
    if (!drawn) return
    drawn.setOption(heatOptions(cells, axis, palette(mode), write), { notMerge: true })
    const clicked = ({ dataIndex }: { dataIndex?: number }) => {
      const cell = dataIndex === undefined ? undefined : cells[dataIndex]
      if (cell && cell.buyers > 0) open.current(cell)
    }
    drawn.on('click', clicked)
    return () => void drawn.off('click', clicked)
  }, [cells, axis, mode, write])

  return <div ref={holder} role="img" aria-label={name} style={{ height: 420 }} />
}
