/** The top of the axis: the next even number of the kind 2, 4, 6, 8, 10 × a power of ten, so that its half is whole. */
export function barScale(values: readonly (number | null)[]): number {
  const most = Math.max(0, ...values.map((value) => value ?? 0))
  if (most <= 2) return 2
  const power = 10 ** Math.floor(Math.log10(most))
  const step = most / power <= 1 ? 1 : 2
  const top = Math.ceil(most / power / step) * step * power
  return top % 2 === 0 ? top : top + 1
}
