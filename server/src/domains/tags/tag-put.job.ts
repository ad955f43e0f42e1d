import { z } from 'zod'
import type { OperationRun } from '../../infra/operations/operations.ts'
import type { Services } from '../../infra/services.ts'
import { inWords } from '../customers/index.ts'
import { dropTodos, recordFacts } from './tag-facts.store.ts'
import type { CatalogueNeeds } from './tag-platform.ts'
import { personsWith } from './tag-put.store.ts'
import { callAll } from './tag-sync.job.ts'
import { workOut } from './tag-work.ts'

export const putKind = 'tags.put'

export const putInput = z.object({
  tagIds: z.array(z.string()).min(1),
  says: z.boolean(),
  /** Everybody who has this tag, or these persons. */
  who: z.union([z.object({ tag: z.string() }), z.object({ customers: z.array(z.int()) })]),
  by: z.string(),
})

const chunk = 500

type Needs = CatalogueNeeds & Pick<Services, 'due'>

/** Puts tags on many persons, or takes them off; each chunk is at the platform before the next begins, so a cancel stops there. */
export async function runPut(services: Needs, run: OperationRun<unknown>): Promise<unknown> {
  const { tagIds, says, who, by } = putInput.parse(run.input)
  const { db, clock } = services
  const { corpId } = run
  const read = z.object({ after: z.int(), done: z.int() }).safeParse(run.checkpoint)
  let { after, done } = read.success ? read.data : { after: 0, done: 0 }
  const at = clock.now()
  const total = 'customers' in who ? who.customers.length : undefined
  try {
    for (;;) {
      const persons = await personsWith(db, corpId, who, after, chunk)
      const last = persons.at(-1)
      if (last === undefined) break
      await db.transaction().execute(async (tx) => {
        const words = persons.flatMap((customerId) =>
          tagIds.map((tagId) => ({
            ...{ customerId, tagId, source: 'manual' as const, reference: '', says, at },
            evidence: { by, operation: run.id },
          })),
        )
        await recordFacts(tx, corpId, words, new Date())
        const queued = new Map((await dropTodos(tx, persons)).map((todo) => [todo.customerId, todo.was]))
        await workOut(
          services,
          tx,
          corpId,
          persons.map((customerId) => ({ customerId, was: queued.get(customerId) ?? [] })),
        )
      })
      await callAll(services, corpId, persons)
      after = last
      done += persons.length
      await run.progress({ done, ...(total === undefined ? {} : { total }), checkpoint: { after, done } })
    }
    return { persons: done }
  } catch (error) {
    throw inWords(error)
  }
}
