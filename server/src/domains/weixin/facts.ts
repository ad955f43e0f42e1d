import { createHash } from 'node:crypto'
import { type Follower, sceneOf, type WeixinEvent, weixinEventKey } from '@nuanyu/wecom'

/** What one callback says of how a person stands to the account. Moments only move forward. */
export interface Standing {
  readonly openid: string
  readonly followedAt?: Date
  readonly scene?: string
  readonly qrScene?: string
  readonly endedAt?: Date
  readonly scannedAt?: Date
  readonly scannedScene?: string
  readonly wroteAt?: Date
  readonly visitedAt?: Date
}

const byCode = 'ADD_SCENE_QR_CODE'

/** undefined: the event says nothing of the person that we keep. */
export function standingOf(event: WeixinEvent): Standing | undefined {
  const openid: string = event.openId
  const at = new Date(event.createTime * 1000)
  switch (event.kind) {
    case 'oa.subscribed': {
      const qrScene = sceneOf(event)
      return { openid, followedAt: at, ...(qrScene === undefined ? {} : { scene: byCode, qrScene }) }
    }
    case 'oa.unsubscribed':
      return { openid, endedAt: at }
    case 'oa.scanned':
      return { openid, scannedAt: at, scannedScene: sceneOf(event) ?? '' }
    case 'oa.text_received':
      return { openid, wroteAt: at }
    case 'oa.template_sent':
    case 'oa.menu_clicked':
    case 'oa.menu_viewed':
    case 'oa.menu_miniprogram':
    case 'subscribe_message.answered':
    case 'subscribe_message.changed':
    case 'subscribe_message.sent':
      return { openid }
    default:
      return undefined
  }
}

/** What the platform says of a follower; of somebody who does not follow it says nothing else, as of `readAt`. */
export function standingOfInfo(info: Follower, readAt: Date): Standing {
  const openid: string = info.openid
  if (info.subscribe !== 1 || info.subscribe_time === undefined) return { openid, endedAt: readAt }
  const qrScene = info.qr_scene_str || (info.qr_scene ? String(info.qr_scene) : undefined)
  return {
    openid,
    followedAt: new Date(info.subscribe_time * 1000),
    ...(info.subscribe_scene === undefined ? {} : { scene: info.subscribe_scene }),
    ...(qrScene === undefined ? {} : { qrScene }),
  }
}

/** One row a person: of several standings the latest moment of each counts, in any order. */
export function merged(standings: readonly Standing[]): readonly Standing[] {
  const byPerson = Map.groupBy(standings, (one) => one.openid)
  return [...byPerson.values()].map((list) => list.reduce(joined))
}

function joined(a: Standing, b: Standing): Standing {
  return {
    openid: a.openid,
    ...follow(a, b),
    ...later('endedAt', a, b),
    ...scan(a, b),
    ...later('wroteAt', a, b),
    ...later('visitedAt', a, b),
  }
}

function later<K extends 'endedAt' | 'wroteAt' | 'visitedAt'>(key: K, a: Standing, b: Standing) {
  const times = [a[key], b[key]].filter((one) => one !== undefined).sort((x, y) => y.getTime() - x.getTime())
  return times[0] === undefined ? {} : { [key]: times[0] }
}

function follow(a: Standing, b: Standing): Partial<Standing> {
  const [first, second] = latestFirst(a, b, (one) => one.followedAt)
  if (first?.followedAt === undefined) return {}
  const same = second?.followedAt?.getTime() === first.followedAt.getTime()
  const scene = first.scene ?? (same ? second?.scene : undefined)
  const qrScene = first.qrScene ?? (same ? second?.qrScene : undefined)
  return {
    followedAt: first.followedAt,
    ...(scene === undefined ? {} : { scene }),
    ...(qrScene === undefined ? {} : { qrScene }),
  }
}

function scan(a: Standing, b: Standing): Partial<Standing> {
  const [first, second] = latestFirst(a, b, (one) => one.scannedAt)
  if (first?.scannedAt === undefined) return {}
  const same = second?.scannedAt?.getTime() === first.scannedAt.getTime()
  // two codes in one second: the greater scene, so that it is the same one in any order
  const scenes = [first.scannedScene ?? '', same ? (second?.scannedScene ?? '') : ''].sort()
  return { scannedAt: first.scannedAt, scannedScene: scenes.at(-1) ?? '' }
}

function latestFirst(a: Standing, b: Standing, time: (one: Standing) => Date | undefined): readonly Standing[] {
  const of = (one: Standing) => time(one)?.getTime() ?? Number.NEGATIVE_INFINITY
  return of(a) >= of(b) ? [a, b] : [b, a]
}

/** The key of an event in the inbox: two deliveries of one event have the same. */
export function callbackKey(accountId: string, event: WeixinEvent): Buffer {
  return createHash('sha256')
    .update(`weixin ${accountId} ${weixinEventKey(event)}`)
    .digest()
    .subarray(0, 16)
}

/** What the event is called in a customer's history; undefined: it is no part of it. */
export function domainEventOf(event: WeixinEvent) {
  switch (event.kind) {
    case 'oa.subscribed':
      return 'oa.followed' as const
    case 'oa.unsubscribed':
      return 'oa.unfollowed' as const
    case 'oa.scanned':
      return 'oa.scanned' as const
    default:
      return undefined
  }
}
