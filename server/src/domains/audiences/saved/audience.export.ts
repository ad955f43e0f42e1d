import { z } from 'zod'
import type { Actor } from '../../../infra/auth/actor.ts'
import { notFound } from '../../../infra/errors.ts'
import type { Services } from '../../../infra/services.ts'
import { type ApprovalRule, type Cell, type ExportPage, type ExportSource, exportSource } from '../../exports/index.ts'
import { namesFor } from '../rules/names.store.ts'
import { words } from '../rules/words.ts'
import { seesAll } from './audience.refusals.ts'
import { customersOf, membersAfter, overlapsOf } from './member.store.ts'
import { findAudience, settingsOf } from './saved.store.ts'

const atOnce = 500
const audienceThing = { zh: '分群', en: 'audience' }

/** What a table tells of persons: the room of customers knows it. */
interface PersonTable {
  header(actor: Actor): readonly string[]
  rows(actor: Actor, ids: readonly number[], zone: string): Promise<readonly (readonly Cell[])[]>
}

/** The members of an audience as a table. */
export function audienceExport({ db }: Pick<Services, 'db'>, table: PersonTable): ExportSource {
  return exportSource({
    kind: 'audience',
    name: { zh: '分群成员', en: 'Members of an audience' },
    permission: 'customers.read',
    personal: true,
    filters: z.object({ audience: z.uuid() }),
    async measure(actor, { audience: id }) {
      const { corpId } = seesAll(actor)
      const audience = await findAudience(db, corpId, id)
      if (!audience) throw notFound(audienceThing)
      return { of: audience.name, rows: (await overlapsOf(db, corpId, [id]))[0]?.both ?? 0 }
    },
    async about(actor, { audience: id }) {
      const audience = await findAudience(db, actor.corpId, id)
      if (!audience) throw notFound(audienceThing)
      return words(audience.rule, await namesFor(db, actor.corpId, [audience.rule]))
    },
    cursor: z.int(),
    async read(actor, { audience: id }, zone, from = -1) {
      const { corpId } = seesAll(actor)
      if (!(await findAudience(db, corpId, id))) throw notFound(audienceThing)
      const pages = async function* (): AsyncGenerator<ExportPage> {
        for (let after = from; ; ) {
          const numbers = await membersAfter(db, corpId, id, after, atOnce)
          const last = numbers.at(-1)
          if (last === undefined) return
          after = last
          const ids = [...(await customersOf(db, corpId, numbers)).values()]
          yield { rows: await table.rows(actor, ids, zone), next: after }
        }
      }
      return { header: table.header(actor), pages: pages() }
    },
  })
}

/** More persons than the brand lets out without a second look: somebody else who may let out any number has to agree,
 * also where the one who asks may himself. */
export function exportApproval({ db }: Pick<Services, 'db'>): ApprovalRule {
  return async ({ personal, rows, actor }) => {
    if (!personal) return false
    const { exportMost } = await settingsOf(db, actor.corpId)
    return rows === undefined || rows > exportMost
  }
}
