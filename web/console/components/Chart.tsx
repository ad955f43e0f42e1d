import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import styles from './Chart.module.css'
import type { ChartData } from './chart.options.ts'
import { Loading } from './Loading.tsx'
import { PlainBars } from './PlainBars.tsx'
import { words } from './words.ts'

const ChartCanvas = lazy(() => import('./ChartCanvas.tsx').then((module) => ({ default: module.ChartCanvas })))

export interface ChartProps extends ChartData {
  /** What it shows; read aloud, and the caption of the table. */
  name: string
  height?: number
  /** Bars without ECharts: for the first page, which must not wait for it. */
  light?: boolean
}

/** A chart that can also be read as a table. ECharts arrives with the first chart of a visit, not before. */
export function Chart({ name, height = 260, light = false, ...data }: ChartProps) {
  const t = useWords(words)
  const [asTable, setAsTable] = useState(false)
  const empty = data.series.every((one) => one.values.every((value) => value === null))
  if (empty) return <p className={styles.empty}>{t('chart.empty')}</p>
  return (
    <figure className={styles.figure}>
      {asTable && <ChartTable name={name} data={data} />}
      {!asTable && light && <PlainBars name={t('chart.label', { name })} height={height} data={data} />}
      {!asTable && !light && (
        <Suspense fallback={<Loading rows={5} />}>
          <ChartCanvas name={t('chart.label', { name })} height={height} data={data} />
        </Suspense>
      )}
      <figcaption className={styles.caption}>
        <Button type="link" size="small" onClick={() => setAsTable(!asTable)}>
          {asTable ? t('chart.chart') : t('chart.table')}
        </Button>
      </figcaption>
    </figure>
  )
}

function ChartTable({ name, data }: { name: string; data: ChartData }) {
  const write = data.format ?? exactCount
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div className={styles.scroll} tabIndex={0}>
      <table className={styles.table}>
        <caption className={styles.hidden}>{name}</caption>
        <thead>
          <tr>
            <td />
            {data.series.map((one) => (
              <th key={one.name} scope="col">
                {one.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.labels.map((label, at) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {data.series.map((one) => (
                <td key={one.name}>{cell(one.values[at], write)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function cell(value: number | null | undefined, write: (value: number) => string): string {
  return value === null || value === undefined ? '–' : write(value)
}
