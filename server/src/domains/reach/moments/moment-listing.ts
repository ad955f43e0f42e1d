import type { Client } from '@nuanyu/wecom'
import { errcodeOf } from '../run/answers.ts'
import type { Publishing } from './moment.ts'

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
