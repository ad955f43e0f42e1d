/** The course of a figure in 72 × 24, without axes: the exact values stand in the chart of the page. */
export function Sparkline({ values }: { values: readonly number[] }) {
  const points = sparkPoints(values, 72, 24)
  return (
    <svg width={72} height={24} viewBox="0 0 72 24" aria-hidden="true" style={{ flex: 'none' }}>
      <polyline
        points={points}
        fill="none"
        stroke="var(--ny-jade)"
        strokeWidth={1.5}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  )
}

/** Evenly spaced points, the lowest value at the bottom; a flat course runs through the middle. */
export function sparkPoints(values: readonly number[], width: number, height: number): string {
  const low = Math.min(...values)
  const span = Math.max(...values) - low
  const inner = height - 4
  return values
    .map((value, at) => {
      const x = values.length === 1 ? width / 2 : 1 + (at / (values.length - 1)) * (width - 2)
      const y = span === 0 ? height / 2 : 2 + inner - ((value - low) / span) * inner
      return `${x.toFixed(1)},${y.toFixed(1)}`
    })
    .join(' ')
}
