import type { SandboxOptions } from '@nuanyu/sandbox'
import type { GroupChat } from '@nuanyu/wecom'
import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import type { TestSiteOptions } from '../../infra/http/testing.ts'
import { testRun } from '../../infra/operations/testing.ts'
import { type CustomerStage, customerStage } from '../customers/customer-stage.ts'
import type { GroupsReport } from '../customers/index.ts'
import { syncGroups } from './group-sync.job.ts'
import { createGroupUpkeep } from './group-upkeep.ts'

const made = z.object({ id: z.string() })
const person = z.object({ id: z.string(), externalUserId: z.string() })

/** A site with the sandbox as its platform, and what people do in its groups. */
export interface GroupStage extends CustomerStage {
  readonly upkeep: ReturnType<typeof createGroupUpkeep>
  /** Reads the groups to the end, or until so many progress reports were made. */
  syncGroups(options?: { id?: string; stopAfter?: number }): Promise<GroupsReport>
  /** Makes a group at the platform, with customers in it; answers its chat id. */
  group(name: string, customers?: readonly string[], owner?: string): Promise<string>
  customer(name: string): Promise<z.output<typeof person>>
  act(act: Readonly<Record<string, unknown>>): Promise<unknown>
  /** Our clock goes with the sandbox's, past what the platform shows late. */
  later(ms?: number): Promise<void>
  /** Every group that the platform shows, as it shows it. */
  there(): Promise<readonly GroupChat[]>
  /** Who is in a group by our rows. */
  present(chatId: string): Promise<readonly string[]>
}

export async function groupStage(
  options: SandboxOptions & { site?: Partial<TestSiteOptions> } = {},
): Promise<GroupStage> {
  const stage = await customerStage(options)
  const { db, admin, sandbox, client, services, corpId } = stage
  const act: GroupStage['act'] = (body) => admin('POST', '/sandbox/console', body)
  return {
    ...stage,
    act,
    upkeep: createGroupUpkeep(services),
    syncGroups: ({ id = uuid(), stopAfter = Number.POSITIVE_INFINITY } = {}) =>
      syncGroups(
        services,
        testRun({ id, corpId, input: {}, checkpoint: null }, { after: stopAfter, how: 'killed' }),
        client,
        0,
      ),
    group: async (name, customers = [], owner = 'chenxiaoyu') =>
      made.parse(await act({ do: 'group.create', owner, name, customers })).id,
    customer: async (name) => person.parse(await admin('POST', '/sandbox/people', { name, role: 'customer' })),
    async later(ms = 4_000) {
      await admin('POST', '/sandbox/clock', { advanceMs: ms })
      stage.clock.set(new Date(sandbox.clock.now()))
    },
    async there() {
      const chats: GroupChat[] = []
      let cursor = ''
      do {
        const page = await client.groups.list({ limit: 1_000, cursor })
        for (const { chat_id } of page.group_chat_list)
          chats.push((await client.groups.get({ chat_id, need_name: 1 })).group_chat)
        cursor = page.next_cursor
      } while (cursor !== '')
      return chats
    },
    async present(chatId) {
      const rows = await db
        .selectFrom('group_members')
        .select('member_id')
        .where('chat_id', '=', chatId)
        .where('present', '=', true)
        .execute()
      return rows.map((row) => row.member_id).sort()
    },
  }
}
