/** SQLSTATEs that mean the server is going, gone or not yet there; class 08 is the connection itself. */
const serverAway = new Set(['57P01', '57P02', '57P03', '53300', '25006'])
const networkAway = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
])

/** Whether an error says that the database cannot be reached now, as opposed to refusing what was asked. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string') {
    return error.code.startsWith('08') || serverAway.has(error.code) || networkAway.has(error.code)
  }
  // node-postgres gives these no code
  return /Connection terminated|timeout exceeded when trying to connect|not queryable|Client was closed/i.test(
    error.message,
  )
}
