import type { KnownEvent, WecomEvent } from '@nuanyu/wecom'
import { CorpId } from '@nuanyu/wecom'
import type { CallbackFamily } from '../admin/schema.ts'
import type { CorpApp } from '../world/apps.ts'

/** Ids as plain strings: the world knows that they are its own. */
type Plain<Event> = Event extends { kind: string }
  ? {
      [Key in keyof Event as Key extends 'corpId' | 'createTime' ? never : Key]: Key extends 'kind'
        ? Event[Key]
        : PlainText<Event[Key]>
    }
  : never
type PlainText<Value> = Value extends string ? string : Value extends readonly string[] ? readonly string[] : Value

/** Something that happened and that apps may be called back for; the kinds and fields are those of the declared events. */
export interface Announcement {
  readonly family: CallbackFamily
  readonly event: Plain<KnownEvent>
  /** The member whom an app's visible range must cover. */
  readonly staff?: number
  /** Only the app that made the thing. */
  readonly onlyApp?: string
  /** Welcome codes by app: each app gets its own. */
  readonly codes?: ReadonlyMap<string, string>
  /** Number of the add in the oracle's log. */
  readonly add?: number
  /** Told what the app answered its callback with, where the platform reads that. */
  readonly answered?: (answer: string, app: CorpApp) => void
}

/** `Event/ChangeType` of a kind, as faults and records name it. */
export function eventName(xml: string): string {
  const tag = (name: string) => new RegExp(`<${name}><!\\[CDATA\\[([^\\]]*)\\]\\]></${name}>`).exec(xml)?.[1]
  const change = tag('ChangeType')
  return change === undefined ? (tag('Event') ?? 'unknown') : `${tag('Event')}/${change}`
}

/** The event as one app is told of it. */
export function eventFor(announcement: Announcement, corpId: string, createTime: number, appKey: string): WecomEvent {
  const welcomeCode = announcement.codes?.get(appKey)
  const event = {
    ...announcement.event,
    corpId: CorpId.parse(corpId),
    createTime,
    ...(welcomeCode === undefined ? {} : { welcomeCode }),
  }
  // The world's own ids: made here, so their brand needs no second check.
  return event as WecomEvent
}
