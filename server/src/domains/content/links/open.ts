import { randomBytes } from 'node:crypto'
import { v7 as uuid } from 'uuid'
import type { KnownLink } from './link-register.ts'

/** A tracked link was opened. */
export interface Open {
  /** Says the moment too: what is told again has the same. */
  readonly id: string
  readonly linkId: number
  readonly at: Date
  readonly corpId: number
  readonly run: number
  readonly task: number
  /** 0: nobody knows who it was. */
  readonly customerId: number
}

export function newOpen(link: Pick<KnownLink, 'id' | 'corpId' | 'run' | 'task'>, at: Date, customerId: number): Open {
  const { id: linkId, corpId, run, task } = link
  return { id: uuid({ msecs: at.getTime(), random: drawn() }), linkId, at, corpId, run, task, customerId }
}

/** The same opening, now that it is known by whom: its number, without its dashes, says when it was. */
export function nameOpen(
  link: Pick<KnownLink, 'id' | 'corpId' | 'run' | 'task'>,
  number: string,
  customerId: number,
): Open {
  const at = new Date(Number.parseInt(number.slice(0, 12), 16))
  const { id: linkId, corpId, run, task } = link
  return { id: number, linkId, at, corpId, run, task, customerId }
}

/** Random bytes are asked for by many at a time; each is given out once. */
let pool = Buffer.alloc(0)
function drawn(): Buffer {
  if (pool.length < 16) pool = randomBytes(16 * 256)
  const given = pool.subarray(0, 16)
  pool = pool.subarray(16)
  return given
}
