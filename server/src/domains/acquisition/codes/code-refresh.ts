import { sql } from 'kysely'
import type { Database, Tx } from '../../../infra/db/database.ts'
import { type CodeRow, codesOf, type Desired, writeDesired } from './code.store.ts'
import { type CodeProblem, remarkOf, wishHash } from './code.ts'
import { type CorpFacts, corpFacts, loadDesks } from './code-desk.store.ts'
import { type Desk, deskAt, usersOf } from './code-desk.ts'
import { planLooks } from './code-look.store.ts'

/**
 * Computes who should stand behind the codes of these channels now (all of the corp's, when none are named), and notes
 * when to look again. Set-based: the number of queries does not grow with the number of channels.
 */
export async function refreshCodes(
  db: Database,
  corpId: number,
  at: Date,
  channelIds?: readonly string[],
): Promise<number> {
  return db.transaction().execute(async (tx) => refreshIn(tx, await corpFacts(tx, corpId), at, channelIds))
}

/** Recomputes the channels that something was changed of; answers how many. */
export async function refreshStale(db: Database, corpId: number, at: Date): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ id: string }>`
      update channels set stale = false where id in (
        select id from channels where corp_id = ${corpId} and stale limit 2000 for update skip locked) returning id`.execute(
      tx,
    )
    if (rows.length === 0) return 0
    await refreshIn(
      tx,
      await corpFacts(tx, corpId),
      at,
      rows.map((row) => row.id),
    )
    return rows.length
  })
}

async function refreshIn(tx: Tx, corp: CorpFacts, at: Date, channelIds?: readonly string[]): Promise<number> {
  const desks = await loadDesks(tx, corp, at, channelIds)
  const codes = new Map(
    (
      await codesOf(
        tx,
        corp.corpId,
        desks.map((desk) => desk.id),
      )
    ).map((code) => [`${code.channelId} ${code.userid}`, code]),
  )
  const desired: Desired[] = []
  const looks: { channelId: string; at: Date | undefined }[] = []
  for (const { id, kind, channel, facts } of desks) {
    const desk = deskAt(channel, facts, at, corp.zone, kind === 'link' ? corp.maxLinkUsers : corp.maxUsers)
    looks.push({ channelId: id, at: desk.nextLook })
    const code = codes.get(`${id} `)
    const wish = code === undefined ? undefined : desiredOf(code, desk, at)
    if (wish !== undefined) desired.push(wish)
  }
  for (const code of codes.values()) {
    if (code.userid === '') continue
    const wish = memberWish(code)
    if (wish.hash !== code.desiredHash) desired.push({ id: code.id, ...wish, problem: null })
  }
  await writeDesired(tx, desired, at)
  await planLooks(tx, corp.corpId, looks)
  return desired.length
}

/** What a channel's own code should be; undefined: it is that already. */
export function desiredOf(code: CodeRow, desk: Desk, at: Date): Desired | undefined {
  const found = usersOf(desk)
  // the platform does not allow a code without members: it keeps those it has
  const users = found.length > 0 ? found : code.effectiveUsers
  const nobody: CodeProblem | null =
    found.length > 0
      ? null
      : { kind: 'nobody', at: at.toISOString(), ...(desk.closed === undefined ? {} : { closed: desk.closed }) }
  const hash =
    users.length === 0 ? '' : wishHash({ users, skipVerify: code.skipVerify, remark: remarkOf(code.channelName) })
  const same =
    hash === code.desiredHash &&
    (nobody === null) === (code.problem?.kind !== 'nobody') &&
    nobody?.closed === code.problem?.closed
  if (same) return undefined
  return { id: code.id, users, hash, problem: nobody ?? (code.problem?.kind === 'nobody' ? null : code.problem) }
}

/** A landing page's code of one member is always his alone; the rota decides whether it is shown. */
export function memberWish(code: Pick<CodeRow, 'userid' | 'skipVerify' | 'channelName'>): {
  users: readonly string[]
  hash: string
} {
  const users = [code.userid]
  return { users, hash: wishHash({ users, skipVerify: code.skipVerify, remark: remarkOf(code.channelName) }) }
}
