import { type RawBuilder, sql } from 'kysely'
import type pg from 'pg'

const mark = '/* prepared */'

/**
 * At the head of a statement that is asked very often: each connection parses it once, and the database may keep its plan.
 * For small statements with large plans, whose text is always the same; lists go in as one parameter (`numberArray`).
 */
export const prepared: RawBuilder<unknown> = sql.raw(mark)

const names = new Map<string, string>()

/** Lets this connection keep what is marked as prepared. */
export function keepsPrepared(client: pg.PoolClient): void {
  const ask = client.query
  Object.defineProperty(client, 'query', {
    value: (...given: unknown[]): unknown => Reflect.apply(ask, client, named(given)),
    // others wrap it too: the job queue asks with patience
    ...{ configurable: true, writable: true },
  })
}

function named(given: unknown[]): unknown[] {
  const [text, values, ...rest] = given
  if (typeof text !== 'string' || !text.trimStart().startsWith(mark)) return given
  const name = names.get(text) ?? `prepared_${names.size}`
  names.set(text, name)
  return [{ name, text, values }, undefined, ...rest]
}
