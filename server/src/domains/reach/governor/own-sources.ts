import type { Client } from '@nuanyu/wecom'
import { sendStatus } from '../campaigns/recipient.ts'
import type { OwnKind, OwnResult, OwnSend } from './own-sends.ts'

/** Of `filter_type`: members' own (93338, 93333). */
const own = 1
/** Calls that nobody waits for. */
const bulk = { priority: 'bulk' } as const

interface Page<Row> {
  readonly rows: readonly Row[]
  readonly next: string | undefined
}

type Span = { readonly start_time: number; readonly end_time: number }

/** How the platform tells of one kind of what members send by themselves. */
interface OwnSource {
  /** How many days one may look back. */
  readonly span: 'broadcast.list_span_days' | 'moment.list_span_days'
  readonly page: 'broadcast.list_page_max' | 'moment.list_page_max'
  readonly results: 'broadcast.result_page_max' | 'moment.seen_page_max'
  list(client: Client, asked: Span & Paging): Promise<Page<Omit<OwnSend, 'reads' | 'sent'>>>
  /** What became of one. */
  read(client: Client, send: Pick<OwnSend, 'msgid' | 'sender'>, asked: Paging): Promise<Page<OwnResult>>
}

interface Paging {
  readonly limit: number
  readonly cursor?: string
}

const nextOf = (cursor: string | undefined) => cursor || undefined
const momentOf = (seconds: number | string) => new Date(Number(seconds) * 1000)

const messages = (kind: 'single' | 'group'): OwnSource => ({
  span: 'broadcast.list_span_days',
  page: 'broadcast.list_page_max',
  results: 'broadcast.result_page_max',
  async list(client, asked) {
    const page = await client.broadcasts.list({ chat_type: kind, filter_type: own, ...asked }, bulk)
    return {
      next: nextOf(page.next_cursor),
      rows: page.group_msg_list.flatMap(({ msgid, creator, create_time: madeS }) =>
        creator === undefined ? [] : [{ msgid, kind, sender: creator, madeAt: momentOf(madeS) }],
      ),
    }
  },
  async read(client, { msgid, sender }, asked) {
    const page = await client.broadcasts.results({ msgid, userid: sender, ...asked }, bulk)
    return {
      next: nextOf(page.next_cursor),
      rows: page.send_list.map(({ external_userid: customer, chat_id: chat, status, send_time: atS }) => ({
        ...{ to: customer ?? chat ?? '', status, sentAt: atS === undefined ? null : momentOf(atS) },
      })),
    }
  },
})

/** Of a Moment its creator is who published it, and who can see it is told at once; when each looked is told nowhere. */
const moments: OwnSource = {
  span: 'moment.list_span_days',
  page: 'moment.list_page_max',
  results: 'moment.seen_page_max',
  async list(client, asked) {
    const page = await client.moments.list({ filter_type: own, ...asked }, bulk)
    return {
      next: nextOf(page.next_cursor),
      rows: page.moment_list.flatMap(({ moment_id: msgid, creator, create_time: madeS }) =>
        creator === undefined ? [] : [{ msgid, kind: 'moment', sender: creator, madeAt: momentOf(madeS) }],
      ),
    }
  },
  async read(client, { msgid, sender }, asked) {
    const page = await client.moments.seenBy({ moment_id: msgid, userid: sender, ...asked }, bulk)
    return {
      next: nextOf(page.next_cursor),
      rows: page.customer_list.map(({ external_userid: to }) => ({ to, status: sendStatus.sent, sentAt: null })),
    }
  },
}

export const ownSources: Readonly<Record<OwnKind, OwnSource>> = {
  single: messages('single'),
  group: messages('group'),
  moment: moments,
}

/** All pages of a listing, one after the other. */
export async function* pagesOf<Row>(
  ask: (cursor: { readonly cursor?: string }) => Promise<Page<Row>>,
): AsyncGenerator<readonly Row[]> {
  let cursor: string | undefined
  do {
    const page = await ask(cursor === undefined ? {} : { cursor })
    yield page.rows
    cursor = page.next
  } while (cursor !== undefined)
}
