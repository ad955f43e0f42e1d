import { createHmac, timingSafeEqual } from 'node:crypto'
import { BadSignature, type Received } from './connector.ts'

/** An old body that somebody replays is refused. */
const freshMs = 300_000

/** HMAC-SHA256 in hex over `timestamp.body`; the timestamp is in seconds and at most five minutes off. */
export function checkSignature({ headers, body, secret, now }: Received, prefix: string): void {
  const timestamp = headers.get(`${prefix}-timestamp`) ?? ''
  const given = Buffer.from(headers.get(`${prefix}-signature`) ?? '')
  const right = Buffer.from(createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex'))
  const seconds = Number(timestamp)
  const isFresh = timestamp !== '' && Math.abs(now.getTime() - seconds * 1000) < freshMs
  if (!isFresh || given.length !== right.length || !timingSafeEqual(given, right))
    throw new BadSignature('the signature is wrong or too old')
}
