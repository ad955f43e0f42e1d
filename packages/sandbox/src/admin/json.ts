import type { Context, Hono } from 'hono'
import { z } from 'zod'
import { Refusal, refuse } from './refusal.ts'

/** The request's JSON body, checked; refuses with 400 and says what is wrong with it. */
export async function bodyOf<Schema extends z.ZodType>(c: Context, schema: Schema): Promise<z.output<Schema>> {
  const text = await c.req.text()
  const checked = schema.safeParse(text === '' ? {} : parse(text))
  if (checked.success) return checked.data
  throw refuse(400, 'malformed', z.prettifyError(checked.error))
}

/** The request's query, checked. */
export function queryOf<Schema extends z.ZodType>(c: Context, schema: Schema): z.output<Schema> {
  const checked = schema.safeParse(c.req.query())
  if (checked.success) return checked.data
  throw refuse(400, 'malformed', z.prettifyError(checked.error))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw refuse(400, 'malformed', `the body is not JSON: ${String(error)}`)
  }
}

/** Refusals become `AdminError`; whatever else goes wrong is the emulator's own fault and says so. */
export function answerErrors(routes: Hono): void {
  routes.onError((error, c) => {
    if (error instanceof Refusal) {
      const { code, message, messageZh } = error
      return c.json({ error: { code, message, ...(messageZh === undefined ? {} : { messageZh }) } }, error.status)
    }
    console.error(`${c.req.method} ${c.req.path} failed in the sandbox`, error)
    return c.json({ error: { code: 'internal', message: String(error) } }, 500)
  })
}

/** Positions as cursors. */
export function positionOf(cursor: string | undefined): number {
  if (cursor === undefined || cursor === '') return 0
  if (/^\d{1,10}$/.test(cursor)) return Number(cursor)
  throw refuse(400, 'malformed', 'this is no cursor of the sandbox')
}

export const cursorAt = (position: number | null): string | null => (position === null ? null : String(position))
