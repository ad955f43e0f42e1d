import { type Logger, pino } from 'pino'

export type Log = Logger

/** Nobody logs a secret or a phone number: these paths are replaced whatever is passed. */
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

export function createLog(level: string): Log {
  return pino({
    level,
    base: null,
    redact: { paths: redact, censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
  })
}
