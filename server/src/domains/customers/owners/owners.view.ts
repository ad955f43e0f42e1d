import type { z } from '@hono/zod-openapi'
import type { sendersView } from './owners.schema.ts'
import type { SenderRow } from './owners.store.ts'

/** Who is asked to send to a person, in turn, each with what gave him his place. */
export function presentSenders(rows: readonly SenderRow[], chatsTold: boolean): z.output<typeof sendersView> {
  const owner = rows.find((one) => one.ownedAt !== null)
  const others = rows.filter((one) => one !== owner)
  const chatted = others.find((one) => one.chattedAt !== null)
  const latest = others.find((one) => one.chattedAt === null)
  const shown = rows.filter((one) => one.seen)
  return {
    owner:
      owner?.ownedAt == null
        ? null
        : { userid: owner.userid, name: owner.name, since: owner.ownedAt.toISOString(), elsewhere: !owner.seen },
    chats_told: chatsTold,
    items: shown.map((one) => {
      const because = one === owner ? 'owner' : one === chatted ? 'chat' : one === latest ? 'latest' : 'contact'
      const since = { owner: one.ownedAt, chat: one.chattedAt, latest: one.addedAt, contact: one.addedAt }[because]
      return {
        ...{ userid: one.userid, name: one.name, because, since: since?.toISOString() ?? null },
        ...{ away_until: one.awayUntil?.toISOString() ?? null, gone: one.gone },
      }
    }),
  }
}
