import { z } from 'zod'

const Share = z.number().min(0).max(1)

/** How people take a message: shares of those it reached who read it, and of the readers who do the rest. */
export const Appeal = z.object({
  /** Messages with these words in their text; an empty one fits all. The first that fits counts. */
  contains: z.string(),
  reads: Share,
  clicks: Share,
  /** Purchases that would not have been without the message: the planted effect. */
  buys: Share,
  deletes: Share,
})
export type Appeal = z.infer<typeof Appeal>

/** How members deal with tasks and people with messages: our model, in no page of the platform. */
export const ReachSettings = z.object({
  /**
   * Of several followers the platform pushes only to who last chatted [92135]: whether also when a sender is named is not
   * said. `always` is the strict reading; what is not given to the sender then stands in `fail_list`.
   */
  lastChatRule: z.enum(['always', 'withoutSender']),
  /** Who is over the cap: status 3 after the send, or also in `fail_list` when the task is made (not settled). */
  overCap: z.enum(['status3', 'failList']),
  /** An app may remind of, and cancel, only sends and Moments that it made itself (no page says); otherwise whatever any app made. */
  ownBroadcastsOnly: z.boolean(),
  /** How long a new task is being dispatched (41063; no number is published). */
  dispatchMs: z.number().int().min(0),
  /** How long a new mass send stands in no list, although its member may confirm it already (no page says how soon it is there). */
  listedAfterMs: z.number().int().min(0),
  /** Shares of members who confirm at once or late; the rest never does. A member's own `confirms` goes first. */
  habits: z.object({ prompt: Share, late: Share }),
  /** A prompt member confirms within so long, on reminder too. */
  promptMinutes: z.number().positive(),
  /** A late one within so long, hardly before a fifth of it. */
  lateHours: z.number().positive(),
  /** Nobody confirms before or after these hours of the day in Shanghai. */
  hours: z.object({ from: z.number().int().min(0).max(23), to: z.number().int().min(1).max(24) }),
  /** Share of customers that members leave out where the task lets them choose. */
  leavesOut: Share,
  appeals: z.array(Appeal),
  /** Shares of those who could see a Moment: who looks, and of these who likes and who comments. */
  moments: z.object({ looks: Share, likes: Share, comments: Share }),
  /** Share of members who on a day send something to all of theirs by themselves. */
  ownSendsPerDay: Share,
  /** Share of all customers who buy on a day without any message. */
  buysPerDay: Share,
})
export type ReachSettings = z.infer<typeof ReachSettings>

const Act = z.object({ id: z.string(), name: z.string(), atMs: z.number() })

/** `GET /sandbox/people/:userid/moments`: a member's, those to publish first; of a customer, what he can see. */
export const PersonMoments = z.object({
  moments: z.array(
    z.object({
      momentId: z.string(),
      /** Who publishes it. */
      userid: z.string(),
      author: z.string(),
      text: z.string(),
      images: z.array(z.string()),
      video: z.string().optional(),
      link: z.object({ title: z.string(), url: z.string(), picture: z.string() }).optional(),
      state: z.enum(['open', 'published', 'cancelled']),
      publishedAtMs: z.number().optional(),
      /** When the member will publish by habit. */
      dueMs: z.number().optional(),
      madeAtMs: z.number(),
      /** Chosen by its tags when it was published, and of these who can truly see it. */
      chosen: z.number().int(),
      seen: z.number().int(),
      /** Under a member's own everybody's, under what a customer sees his own. */
      likes: z.array(Act),
      comments: z.array(Act.extend({ text: z.string() })),
    }),
  ),
})
export type PersonMoments = z.infer<typeof PersonMoments>

/** `POST /sandbox/people/:userid/moments`: a member's own, for all of his customers or those he chose. */
export const OwnMoment = z.object({
  text: z.string().min(1).max(2000),
  /** `c7` or external_userids. */
  customers: z.array(z.string()).min(1).optional(),
})
export type OwnMoment = z.infer<typeof OwnMoment>
export const MomentPublished = z.object({ momentId: z.string(), chosen: z.number().int(), seen: z.number().int() })
export type MomentPublished = z.infer<typeof MomentPublished>

/** `POST /sandbox/people/:id/moments/:momentId/like`: a customer likes what this member published, or takes it back. */
export const LikeMoment = z.object({ userid: z.string().min(1), liked: z.boolean().default(true) })
/** `POST /sandbox/people/:id/moments/:momentId/comment`. */
export const CommentMoment = z.object({ userid: z.string().min(1), text: z.string().trim().min(1).max(500) })

/** `POST /sandbox/people/:userid/cards/:cardId/tap`: a button, the submit button, or an action of the menu. */
export const TapCard = z.object({
  key: z.string().min(1),
  /** Option ids by question; what is not answered stays as the card came. */
  selected: z.record(z.string(), z.array(z.string())).default({}),
})
export type TapCard = z.infer<typeof TapCard>

const Counts = z.object({
  targets: z.number().int(),
  notSent: z.number().int(),
  sent: z.number().int(),
  noFriend: z.number().int(),
  overCap: z.number().int(),
})

/** `GET /sandbox/people/:userid/tasks`: what stands in the member's 群发助手. */
export const MemberTasks = z.object({
  tasks: z.array(
    z.object({
      msgid: z.string(),
      chatType: z.enum(['single', 'group']),
      text: z.string(),
      attachments: z.number().int(),
      madeAtMs: z.number(),
      state: z.enum(['open', 'sent', 'cancelled']),
      sentAtMs: z.number().optional(),
      /** When he will confirm by habit; absent when never. */
      dueMs: z.number().optional(),
      reminders: z.number().int(),
      counts: Counts,
    }),
  ),
})
export type MemberTasks = z.infer<typeof MemberTasks>

/** `POST /sandbox/people/:userid/broadcasts`: a member's own mass send; without recipients to all of his. */
export const OwnBroadcast = z.object({
  text: z.string().min(1).max(4000),
  /** `c7` or external_userids. */
  customers: z.array(z.string()).optional(),
  /** To these groups of his instead. */
  chatIds: z.array(z.string()).optional(),
})
export type OwnBroadcast = z.infer<typeof OwnBroadcast>

export const BroadcastSent = z.object({ msgid: z.string(), counts: Counts })
export type BroadcastSent = z.infer<typeof BroadcastSent>

/** Of people reached: what was to be expected of them, and how many do it. */
export const Truth = z.object({
  reached: z.number().int(),
  expected: z.object({ reads: z.number(), clicks: z.number(), buys: z.number(), deletes: z.number() }),
  drawn: z.object({
    reads: z.number().int(),
    clicks: z.number().int(),
    buys: z.number().int(),
    deletes: z.number().int(),
  }),
})
export type Truth = z.infer<typeof Truth>

/** `GET /sandbox/oracle/broadcasts?after=&limit=`: every mass send, the corp's and members' own, with the truth about it. */
export const BroadcastsOracle = z.object({
  total: z.number().int(),
  broadcasts: z.array(
    z.object({
      number: z.number().int(),
      msgid: z.string(),
      appKey: z.string().nullable(),
      creator: z.string().nullable(),
      chatType: z.enum(['single', 'group']),
      text: z.string(),
      madeAtMs: z.number(),
      cancelled: z.boolean(),
      members: z.object({ asked: z.number().int(), sent: z.number().int() }),
      counts: Counts,
      /** Of the customers reached one by one. */
      truth: Truth,
    }),
  ),
})
export type BroadcastsOracle = z.infer<typeof BroadcastsOracle>

/** `GET /sandbox/oracle/moments?after=&limit=`: every Moment, the corp's and members' own, with the truth about its viewers. */
export const MomentsOracle = z.object({
  total: z.number().int(),
  moments: z.array(
    z.object({
      number: z.number().int(),
      momentId: z.string(),
      appKey: z.string().nullable(),
      creator: z.string().nullable(),
      text: z.string(),
      madeAtMs: z.number(),
      cancelled: z.boolean(),
      members: z.object({ asked: z.number().int(), published: z.number().int() }),
      /** `reads`: who looked. */
      truth: Truth,
    }),
  ),
})
export type MomentsOracle = z.infer<typeof MomentsOracle>

/**
 * `GET /sandbox/oracle/deliveries?after=&limit=`: one row a customer reached, times in sandbox ms or -1.
 * `GET /sandbox/oracle/group-deliveries`: one row a group reached, with its customers of now and how many of them buy
 * because of it on average.
 * `GET /sandbox/oracle/moment-views`: as deliveries, one row a customer to whose eyes a Moment came; `readsMs` is his look.
 */
export const DeliveriesOracle = z.object({
  total: z.number().int(),
  columns: z.array(z.string()),
  rows: z.array(z.array(z.union([z.number(), z.string()]))),
})
export type DeliveriesOracle = z.infer<typeof DeliveriesOracle>

/** `POST /sandbox/oracle/effects`: what a message of this text does to these people, reached or not: the planted truth. */
export const EffectsRequest = z.object({
  text: z.string(),
  people: z.array(z.string()).max(100_000),
  /** A Moment of this text, its link's title and address included, instead of a message. */
  moment: z.boolean().default(false),
})
export type EffectsRequest = z.infer<typeof EffectsRequest>
export const EffectsResponse = z.object({
  columns: z.tuple([z.literal('reads'), z.literal('clicks'), z.literal('buys'), z.literal('deletes')]),
  rows: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])),
})
export type EffectsResponse = z.infer<typeof EffectsResponse>
