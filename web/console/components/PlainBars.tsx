import { exactCount, shortCount } from '#shared/format/number.ts'
import { series as colours } from '#shared/theme/tokens.ts'
import type { ChartData } from './chart.options.ts'
import styles from './PlainBars.module.css'
import { barScale } from './plainBars.rules.ts'

/** Bars in plain HTML, for the page that must be there first: ECharts alone is half of what that page may weigh. */
export function PlainBars({ name, height, data }: { name: string; height: number; data: ChartData }) {
  const write = data.format ?? exactCount
  const top = barScale(data.series.flatMap((one) => one.values))
  const every = Math.ceil(data.labels.length / 12)
  return (
    <div role="img" aria-label={name} style={{ height }} className={styles.chart}>
      {data.series.length > 1 && (
        <div className={styles.legend}>
          {data.series.map((one, at) => (
            <span key={one.name} className={styles.legendItem}>
              <span className={at === 0 ? styles.swatch : styles.hatched} style={{ backgroundColor: colours[at] }} />
              {one.name}
            </span>
          ))}
        </div>
      )}
      <div className={styles.plot}>
        <div className={styles.axis}>
          {[top, top / 2, 0].map((value) => (
            <span key={value}>{shortCount(value)}</span>
          ))}
        </div>
        <div className={styles.area}>
          {data.labels.map((label, index) => (
            <div key={label} className={styles.slot} title={tooltip(data, index, write)}>
              <div className={styles.bars}>
                {data.series.map((one, at) => (
                  <span
                    key={one.name}
                    className={at === 0 ? styles.bar : styles.barHatched}
                    style={{ height: `${((one.values[index] ?? 0) / top) * 100}%`, backgroundColor: colours[at] }}
                  />
                ))}
              </div>
              <span className={styles.label}>{index % every === 0 ? label : ''}</span>
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}

function tooltip(data: ChartData, index: number, write: (value: number) => string): string {
  const lines = data.series.map((one) => `${one.name} ${write(one.values[index] ?? 0)}`)
  return [data.labels[index] ?? '', ...lines].join('\n')
}
