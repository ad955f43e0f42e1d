import type { WecomEvent } from '@nuanyu/wecom'
import type { StoredEvent } from '../../../infra/events/follow.ts'

export const todoKinds = ['detail', 'tags', 'remark', 'staff', 'departments', 'corp_tags'] as const
export type TodoKind = (typeof todoKinds)[number]

/** Something to be read or put on at the platform; the same one twice is one. */
export interface Todo {
  readonly corpId: number
  readonly kind: TodoKind
  readonly userid: string
  readonly externalUserid: string
  readonly customerId: number | undefined
  readonly detail: Readonly<Record<string, unknown>>
}

export interface ChannelWishes {
  readonly id: string
  readonly tagIds: readonly string[]
  readonly remark: string
  readonly description: string
}

/** Events that change what a list shows of a customer. */
const relationEvents = new Set([
  'relation.added',
  'relation.half_added',
  'relation.ended',
  'relation.edited',
  'relation.found',
  'relation.transfer_failed',
])

export function touchesCard(event: Pick<StoredEvent, 'kind'>): boolean {
  return relationEvents.has(event.kind)
}

/**
 * What an event makes us read and put on. A half add waits: the platform answers 84061 until the member has added too,
 * and then the full event comes.
 */
export function todosOfEvent(event: StoredEvent, channel: ChannelWishes | undefined): Todo[] {
  const externalUserid = event.payload['externalUserid']
  if (typeof externalUserid !== 'string' || event.staffUserid === null) return []
  const todo = (kind: TodoKind, detail: Todo['detail'] = {}): Todo => ({
    corpId: event.corpId,
    kind,
    userid: event.staffUserid ?? '',
    externalUserid,
    customerId: event.customerId,
    detail,
  })
  const todos: Todo[] = []
  if (event.kind === 'relation.added' || event.kind === 'relation.edited') todos.push(todo('detail'))
  if (event.kind !== 'relation.added' && event.kind !== 'relation.found') return todos
  const addedAt = event.occurredAt.toISOString()
  if (channel !== undefined && channel.tagIds.length > 0)
    todos.push(todo('tags', { channelId: channel.id, tagIds: channel.tagIds, addedAt }))
  if (channel !== undefined && (channel.remark !== '' || channel.description !== ''))
    todos.push(
      todo('remark', {
        channelId: channel.id,
        remark: channel.remark,
        description: channel.description,
        addedAt,
      }),
    )
  return todos
}

/** What a callback of another family makes us read anew. Contacts-sync tells of contacts, the app of its visible range. */
export function todosOfCallback(corpId: number, event: WecomEvent): Todo[] {
  const todo = (kind: TodoKind, userid = ''): Todo => ({
    corpId,
    kind,
    userid,
    externalUserid: '',
    customerId: undefined,
    detail: {},
  })
  switch (event.kind) {
    case 'contact.user_created':
      return [todo('staff', event.userId)]
    case 'contact.user_updated':
      return [todo('staff', event.newUserId ?? event.userId)]
    case 'app.subscribed':
    case 'app.unsubscribed':
      return [todo('staff', event.userId)]
    case 'contact.party_created':
    case 'contact.party_updated':
    case 'contact.party_deleted':
      return [todo('departments')]
    case 'tag.created':
    case 'tag.updated':
    case 'tag.deleted':
    case 'tag.shuffled':
      return [todo('corp_tags')]
    default:
      return []
  }
}

/** Per member: so many single reads, or all pages of his customers, whichever takes fewer calls. */
export function readsPages(adds: number, customersOfMember: number, pageSize: number): boolean {
  return Math.max(1, Math.ceil(customersOfMember / pageSize)) < adds
}

const nickname = '{客户昵称}'

/** The remark to put on; undefined: it names the customer, whose name is not known yet. */
export function remarkFor(wish: string, name: string | null, maxChars: number): string | undefined {
  if (wish.includes(nickname) && name === null) return undefined
  return [...wish.replaceAll(nickname, name ?? '')].slice(0, maxChars).join('')
}

/** Machine ms until a thing that did not work is tried again. */
export function againAfterMs(attempts: number): number {
  return Math.min(2_000 * 2 ** attempts, 10 * 60_000)
}
export const mostAttempts = 8
