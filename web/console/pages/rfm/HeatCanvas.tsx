import { HeatmapChart } from 'echarts/charts'
import { AriaComponent, GridComponent, VisualMapComponent } from 'echarts/components'
import { type EChartsType, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { palette } from '#shared/theme/tokens.ts'
import { useMode } from '../../lib/preferences.ts'
import { type Axis, type Cell, heatOptions } from './rfm.ts'

use([HeatmapChart, GridComponent, VisualMapComponent, AriaComponent, SVGRenderer])

/** Five columns of money need so many pixels. */
const wide = 560

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
  /** What stands in a cell; on a narrow map only that much fits. */
  write: (cell: Cell, narrow: boolean) => string
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
    const narrow = (holder.current?.clientWidth ?? wide) < wide
    drawn.setOption(
      heatOptions(cells, axis, palette(mode), (cell) => write(cell, narrow)),
      { notMerge: true },
    )
    const clicked = ({ dataIndex }: { dataIndex?: number }) => {
      const cell = dataIndex === undefined ? undefined : cells[dataIndex]
      if (cell && cell.buyers > 0) open.current(cell)
    }
    drawn.on('click', clicked)
    return () => void drawn.off('click', clicked)
  }, [cells, axis, mode, write])

  return <div ref={holder} role="img" aria-label={name} style={{ height: 420 }} />
}
