import { refuse } from '../admin/refusal.ts'
import type { Platform } from '../platform.ts'
import { hash } from '../random.ts'
import { looksAfterMs } from './model.ts'

const MINUTE_MS = 60_000
const SALT = 250
/** What viewers write who are not played: the platform tells nobody, the member reads it on his phone. */
const REMARKS = ['看着就好吃', '周末去店里看看', '还有货吗？', '给我留一份', '上次买的很不错']

export interface Comment {
  readonly atMs: number
  readonly text: string
}

/** What a played viewer did by his own hand; it goes before what the model would have him do. */
export interface Played {
  /** `null`: he took his like back. */
  readonly likedMs: number | null | undefined
  readonly comments: readonly Comment[]
}

export interface Applause {
  readonly likesMs: number | undefined
  readonly comments: readonly Comment[]
}

/** When a viewer likes and comments, in sandbox ms. What the model has him do is known from the start. */
export function applauseOf(platform: Platform, view: number): Applause {
  const drawn = drawnOf(platform, view)
  const played = platform.reach.moments.played.get(view)
  if (played === undefined) return drawn
  return {
    likesMs: played.likedMs === undefined ? drawn.likesMs : (played.likedMs ?? undefined),
    comments: [...drawn.comments, ...played.comments].sort((a, b) => a.atMs - b.atMs),
  }
}

/** The same as far as it has happened. */
export function applauseSoFar(platform: Platform, view: number): Applause {
  const { likesMs, comments } = applauseOf(platform, view)
  const nowMs = platform.clock.now()
  return {
    likesMs: likesMs !== undefined && likesMs <= nowMs ? likesMs : undefined,
    comments: comments.filter(({ atMs }) => atMs <= nowMs),
  }
}

function drawnOf(platform: Platform, view: number): Applause {
  const { reach, settings, world } = platform
  const { to, nth, atS, broadcast } = reach.moments.views.row(view)
  const { looks, likes, comments } = settings.value.reach.moments
  const looksMs = looksAfterMs(platform, to, nth, reach.moments.all[broadcast]?.appeal?.reads ?? looks)
  if (looksMs === undefined) return { likesMs: undefined, comments: [] }
  const lookedMs = atS * 1000 + looksMs
  const luck = hash(hash(to, nth), world.seed + SALT)
  const draw = (what: number) => hash(luck, what) / 0x1_0000_0000
  const text = REMARKS[Math.floor(draw(5) * REMARKS.length)] ?? ''
  return {
    likesMs: draw(3) < likes ? lookedMs : undefined,
    comments: draw(4) < comments ? [{ atMs: lookedMs + MINUTE_MS, text }] : [],
  }
}

/** A viewer likes a member's Moment, or takes his like back. */
export function likeNow(platform: Platform, view: number, liked: boolean): void {
  change(platform, view, { likedMs: liked ? platform.clock.now() : null })
}

export function commentNow(platform: Platform, view: number, text: string): void {
  const comments = platform.reach.moments.played.get(view)?.comments ?? []
  change(platform, view, { comments: [...comments, { atMs: platform.clock.now(), text }] })
}

function change({ reach }: Platform, view: number, part: Partial<Played>): void {
  const { played } = reach.moments
  played.set(view, { likedMs: undefined, comments: [], ...played.get(view), ...part })
}

/** Where a member's Moment came to a customer's eyes; refuses with 404 what he cannot see. */
export function viewOf(platform: Platform, customer: number, momentId: string, userid: string): number {
  const { moments } = platform.reach
  const moment = moments.get(momentId)
  const staff = platform.world.staff.find(userid)?.index
  const view = moments.views.of(customer, 0).find((number) => {
    const row = moments.views.row(number)
    return row.broadcast === moment?.number && row.staff === staff
  })
  if (view === undefined)
    throw refuse(404, 'moment_unknown', `the customer sees no Moment ${momentId} of ${userid}`, '看不到这条朋友圈')
  return view
}
