import type { Message, MessageBody } from '../admin/schema.people.ts'
import type { Oracle } from '../oracle/oracle.ts'

/** A person in the chats: `c12`, a userid, or `app:<appKey>`. */
export type PersonKey = string

export const customerId = (customer: number): PersonKey => `c${customer}`
export const appId = (appKey: string): PersonKey => `app:${appKey}`

/** One conversation: of two, of an app with a member, or of a group. */
export interface Room {
  readonly key: string
  readonly kind: 'single' | 'group' | 'app'
  readonly messages: Stored[]
  readonly unread: Map<PersonKey, number>
  /** Chat id of a group. */
  readonly chatId: string | undefined
  /** The two of a single chat, the member of an app chat. */
  readonly pair: readonly PersonKey[]
}

export interface RoomState {
  readonly key: string
  readonly kind: Room['kind']
  readonly pair: readonly PersonKey[]
  readonly chatId?: string
  readonly messages: readonly Stored[]
  readonly unread: readonly (readonly [PersonKey, number])[]
  /** Who has it in his list. */
  readonly people: readonly PersonKey[]
}

interface Stored {
  readonly id: string
  readonly atMs: number
  readonly from: PersonKey | null
  readonly fromName: string
  readonly source: Message['source']
  readonly appKey?: string | undefined
  body: MessageBody
  /** Seen by these only; everyone in the room when undefined. */
  readonly only?: readonly PersonKey[] | undefined
  /** Id of the app message it belongs to, to recall it. */
  readonly msgId?: string | undefined
  recalled: boolean
}

export interface NewMessage {
  atMs: number
  from: PersonKey | null
  fromName: string
  source: Message['source']
  body: MessageBody
  appKey?: string
  only?: readonly PersonKey[]
  msgId?: string
  /** Of a message that was told of when it came and is put into its chat only now. */
  id?: string
}

/** All conversations. The least recently used are forgotten when their messages become too many. */
export interface Chats {
  /** Called before anybody's chats are looked at or written to: what came to him meanwhile is put there first. */
  onLook: (person: PersonKey) => void
  single(one: PersonKey, other: PersonKey): Room
  app(appKey: string, userid: string): Room
  group(chatId: string): Room
  find(key: string): Room | undefined
  /** Puts a message into the room; `readers` are those it reaches. */
  post(room: Room, message: NewMessage, readers: readonly PersonKey[]): Message
  roomsOf(person: PersonKey): Room[]
  /** What this person sees of the room, as he sees it. */
  view(room: Room, person: PersonKey, before: number, limit: number): { messages: Message[]; next: number | null }
  peerOf(room: Room, person: PersonKey): string
  read(room: Room, person: PersonKey): void
  /** Marks an app message as recalled and says how many it reached. */
  recall(msgId: string): number
  /** Puts another body in place of an app message's. */
  rewrite(room: Room, msgId: string, body: MessageBody): void
  dump(): readonly RoomState[]
  load(state: readonly RoomState[]): void
}

const KEPT_MESSAGES = 400_000

export function createChats(oracle: Oracle): Chats {
  /** In order of use. */
  const rooms = new Map<string, Room>()
  const roomsOf = new Map<PersonKey, Set<string>>()
  let kept = 0
  let made = 0

  const open = (key: string, kind: Room['kind'], pair: readonly PersonKey[], chatId?: string): Room => {
    const known = rooms.get(key)
    if (known !== undefined) return known
    const room: Room = { key, kind, pair, chatId, messages: [], unread: new Map() }
    rooms.set(key, room)
    return room
  }
  const enter = (room: Room, person: PersonKey) => {
    const set = roomsOf.get(person)
    if (set === undefined) roomsOf.set(person, new Set([room.key]))
    else set.add(room.key)
  }
  const forgetOldest = () => {
    for (const [key, room] of rooms) {
      if (kept <= KEPT_MESSAGES) return
      rooms.delete(key)
      kept -= room.messages.length
      for (const person of room.pair) roomsOf.get(person)?.delete(key)
    }
  }
  const peerOf = (room: Room, person: PersonKey): string =>
    room.chatId ?? room.pair.find((one) => one !== person) ?? person
  const shown = (room: Room, person: PersonKey, m: Stored): Message => ({
    id: m.id,
    atMs: m.atMs,
    from: m.from,
    fromName: m.fromName,
    peer: peerOf(room, person),
    source: m.source,
    body: m.body,
    ...(m.from === null || m.from.startsWith('app:') ? {} : { fromFace: `/faces/${m.from}.svg` }),
    ...(m.appKey === undefined ? {} : { appKey: m.appKey }),
    ...(m.recalled ? { recalled: true } : {}),
  })

  const chats: Chats = {
    onLook: () => {},
    single(one, other) {
      chats.onLook(one)
      return open([one, other].sort().join('|'), 'single', [one, other])
    },
    app: (appKey, userid) => open(`${appId(appKey)}|${userid}`, 'app', [appId(appKey), userid]),
    group: (chatId) => open(chatId, 'group', [], chatId),
    find: (key) => rooms.get(key),
    post(room, given, readers) {
      const { appKey, only, msgId, id, ...rest } = given
      const stored: Stored = { ...rest, id: id ?? `m${++made}`, appKey, only, msgId, recalled: false }
      room.messages.push(stored)
      kept++
      rooms.delete(room.key)
      rooms.set(room.key, room)
      for (const person of readers) {
        enter(room, person)
        if (person === given.from) continue
        room.unread.set(person, (room.unread.get(person) ?? 0) + 1)
        if (id === undefined) oracle.recordMessage({ person, message: shown(room, person, stored) })
      }
      if (given.from !== null) enter(room, given.from)
      if (kept > KEPT_MESSAGES) forgetOldest()
      return shown(room, given.from ?? readers[0] ?? '', stored)
    },
    roomsOf(person) {
      chats.onLook(person)
      const found: Room[] = []
      for (const key of roomsOf.get(person) ?? []) {
        const room = rooms.get(key)
        if (room !== undefined) found.push(room)
      }
      return found
    },
    view(room, person, before, limit) {
      const messages: Message[] = []
      let at = Math.min(before, room.messages.length) - 1
      for (; at >= 0 && messages.length < limit; at--) {
        const stored = room.messages[at]
        if (stored === undefined || stored.only?.includes(person) === false) continue
        messages.push(shown(room, person, stored))
      }
      return { messages: messages.reverse(), next: at >= 0 ? at + 1 : null }
    },
    peerOf,
    read: (room, person) => void room.unread.delete(person),
    recall(msgId) {
      let reached = 0
      for (const room of rooms.values()) {
        if (room.kind !== 'app') continue
        for (const message of room.messages) {
          if (message.msgId !== msgId) continue
          message.recalled = true
          reached++
        }
      }
      return reached
    },
    rewrite(room, msgId, body) {
      for (const message of room.messages) if (message.msgId === msgId) message.body = body
    },
    dump() {
      const people = new Map<string, PersonKey[]>()
      for (const [person, keys] of roomsOf) {
        for (const key of keys) people.set(key, [...(people.get(key) ?? []), person])
      }
      return [...rooms.values()].map(({ chatId, unread, ...room }) => ({
        ...room,
        ...(chatId === undefined ? {} : { chatId }),
        unread: [...unread],
        people: people.get(room.key) ?? [],
      }))
    },
    load(state) {
      for (const { key, kind, pair, chatId, messages, unread, people } of state) {
        const room = open(key, kind, pair, chatId)
        room.messages.push(...messages)
        for (const [person, count] of unread) room.unread.set(person, count)
        for (const person of people) enter(room, person)
        kept += messages.length
        made = messages.reduce(
          (most, { id }) => (id.startsWith('m') ? Math.max(most, Number(id.slice(1))) : most),
          made,
        )
      }
    },
  }
  return chats
}
