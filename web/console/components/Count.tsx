import { exactCount, shortCount } from '#shared/format/number.ts'

/** 12,345, or 12.3 万 with the exact figure on hover. */
export function Count({ value }: { value: number }) {
  return (
    <span className="num" title={exactCount(value)}>
      {shortCount(value)}
    </span>
  )
}
