import type { CorpId, UserId } from '../ids.ts'
import type { AnyField, FixedField, ValueOf } from './fields.ts'

/** One event of the platform, described once: parse and format derive from it. */
export interface EventDeclaration<
  Kind extends string = string,
  Fields extends readonly (AnyField | FixedField)[] = readonly (AnyField | FixedField)[],
> {
  readonly kind: Kind
  /** Page number of the official documentation. */
  readonly doc: number
  /** What stands after MsgType, in the platform's order. */
  readonly fields: Fields
  /** Whether the event comes from a member (`userId` holds FromUserName) or from the system (`sys`). */
  readonly from: 'sys' | 'member' | 'none'
}

/** What every event has. */
interface EventHead {
  readonly corpId: CorpId
  /** Seconds since 1970. */
  readonly createTime: number
  /** The app of a service provider to which it was sent, in the envelope of such apps (D92277). */
  readonly suiteId?: string
}

/** Declares an event that the system sends (`FromUserName` is `sys`). */
export function event<const Kind extends string, const Fields extends readonly (AnyField | FixedField)[]>(
  kind: Kind,
  doc: number,
  fields: Fields,
): EventDeclaration<Kind, Fields> & { readonly from: 'sys' } {
  return { kind, doc, fields, from: 'sys' }
}

/** Declares an event that a member's act in an app sends; `FromUserName` is the member. */
export function memberEvent<const Kind extends string, const Fields extends readonly (AnyField | FixedField)[]>(
  kind: Kind,
  doc: number,
  fields: Fields,
): EventDeclaration<Kind, Fields> & { readonly from: 'member' } {
  return { kind, doc, fields, from: 'member' }
}

/** Declares an event without FromUserName. */
export function senderlessEvent<const Kind extends string, const Fields extends readonly (AnyField | FixedField)[]>(
  kind: Kind,
  doc: number,
  fields: Fields,
): EventDeclaration<Kind, Fields> & { readonly from: 'none' } {
  return { kind, doc, fields, from: 'none' }
}

/** The typed value of a declared event. */
export type EventOf<Declaration> =
  Declaration extends EventDeclaration<infer Kind, infer Fields>
    ? Flat<{ readonly kind: Kind } & EventHead & MemberOf<Declaration> & Readonly<ValueOf<Fields>>>
    : never

type MemberOf<Declaration> = Declaration extends { readonly from: 'member' }
  ? {
      /** The member who did it. */
      readonly userId: UserId
    }
  : unknown
type Flat<T> = { [Key in keyof T]: T[Key] }
