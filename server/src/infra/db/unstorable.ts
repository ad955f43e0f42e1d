/** Whether PostgreSQL refused a text because of a sign that it keeps nowhere: U+0000, or half of a surrogate pair. */
export function isUnstorable(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  if (error.code === '22021' || error.code === '22P05') return true
  return error.code === '22P02' && 'detail' in error && /surrogate/i.test(String(error.detail))
}
