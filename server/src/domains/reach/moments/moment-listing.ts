import type { Client } from '@nuanyu/wecom'
import type { Executor } from '../../../infra/db/database.ts'
import { errcodeOf } from '../run/answers.ts'
import type { Listed } from '../run/print.ts'
import type { Publishing } from './moment.ts'
import { knownMoments } from './moments.store.ts'

const beingDispatched = 41079

/** Who is asked to publish a Moment, and who has: one listing for all members. Undefined: it is still being handed out. */
export async function publishingOf(client: Client, moment_id: string, limit: number): Promise<Publishing | undefined> {
  const told = new Map<string, boolean>()
  let cursor: string | undefined
  try {
    do {
      const page = await client.moments.tasks({ moment_id, limit, ...(cursor === undefined ? {} : { cursor }) })
      for (const { userid, publish_status } of page.task_list) told.set(userid.toLowerCase(), publish_status === 1)
      cursor = page.next_cursor === '' ? undefined : page.next_cursor
    } while (cursor !== undefined)
  } catch (error) {
    if (errcodeOf(error) === beingDispatched) return undefined
    throw error
  }
  return told
}

/** The corp's Moments since then that are none of ours as far as we know. */
export async function strangers(
  on: Executor,
  client: Client,
  corpId: number,
  { from, until, limit }: { readonly from: number; readonly until: number; readonly limit: number },
): Promise<readonly Listed[]> {
  const found: Listed[] = []
  let cursor: string | undefined
  do {
    const page = await client.moments.list({
      ...{
        filter_type: 0 as const,
        limit,
        start_time: Math.floor(from / 1_000),
        end_time: Math.ceil(until / 1_000) + 1,
      },
      ...(cursor === undefined ? {} : { cursor }),
    })
    const known = await knownMoments(
      on,
      corpId,
      page.moment_list.map((one) => one.moment_id),
    )
    for (const { moment_id, create_time, text, link } of page.moment_list) {
      if (known.has(moment_id)) continue
      const addresses = link === undefined ? [] : [link.url]
      found.push({ msgid: moment_id, madeAt: new Date(create_time * 1_000), text: text?.content ?? '', addresses })
    }
    cursor = page.next_cursor === '' ? undefined : page.next_cursor
  } while (cursor !== undefined)
  return found
}
