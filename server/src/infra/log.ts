import { type DestinationStream, type Logger, pino } from 'pino'
import { scrub } from './scrub.ts'

export type Log = Logger

/**
 * Nobody logs a secret or a phone number: known paths are replaced before a line is made, and every line is scrubbed
 * before it is written, however deep or in whatever text the thing stands.
 */
const redact = [
  'secret',
  'token',
  'access_token',
  'password',
  'aesKey',
  'corpsecret',
  'mobile',
  'phone',
  'authorization',
  'cookie',
  '*.secret',
  '*.token',
  '*.access_token',
  '*.password',
  '*.aesKey',
  '*.corpsecret',
  '*.mobile',
  '*.phone',
  'req.headers.authorization',
  'req.headers.cookie',
]

export function createLog(
  level: string,
  destination: DestinationStream = pino.destination({ fd: 1, sync: true }),
): Log {
  return pino(
    {
      level,
      base: null,
      redact: { paths: redact, censor: '[redacted]' },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    { write: (line: string) => destination.write(scrub(line)) },
  )
}
