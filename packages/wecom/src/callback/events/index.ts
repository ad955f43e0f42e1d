import type { CorpId } from '../../ids.ts'
import type { EventDeclaration, EventOf } from '../declaration.ts'
import { appEvents, serviceEvents } from './apps.ts'
import { contactEvents } from './contacts.ts'
import { customerEvents, groupEvents, tagEvents } from './customers.ts'
import { linkEvents } from './links.ts'

type Declared =
  | (typeof customerEvents)[number]
  | (typeof groupEvents)[number]
  | (typeof tagEvents)[number]
  | (typeof linkEvents)[number]
  | (typeof contactEvents)[number]
  | (typeof appEvents)[number]
  | (typeof serviceEvents)[number]

/** Distributes over the declarations, so that each kind keeps its own fields. */
type Known<Declaration> = Declaration extends Declared ? EventOf<Declaration> : never

/** An event that is declared here. */
export type KnownEvent = Known<Declared>

/** An event that is not declared, or whose fields are not as declared: kept as it came. */
export interface UnknownEvent {
  readonly kind: 'unknown'
  readonly corpId: CorpId
  /** Seconds since 1970; 0 when the message carries none. */
  readonly createTime: number
  readonly msgType: string
  /** `Event` and `ChangeType`, where there are any. */
  readonly event?: string
  readonly changeType?: string
  /** The XML as it came. */
  readonly raw: string
}

/** Everything a callback may say; tell the cases apart by `kind`. */
export type WecomEvent = KnownEvent | UnknownEvent
export type EventKind = WecomEvent['kind']
/** The event of one kind. */
export type EventOfKind<Kind extends EventKind> = Extract<WecomEvent, { readonly kind: Kind }>

/** Every declared event. */
export const eventDeclarations: readonly EventDeclaration[] = [
  ...customerEvents,
  ...groupEvents,
  ...tagEvents,
  ...linkEvents,
  ...contactEvents,
  ...appEvents,
  ...serviceEvents,
]
