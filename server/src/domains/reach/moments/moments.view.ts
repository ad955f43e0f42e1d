import { z } from '@hono/zod-openapi'
import { refusalWords } from '../run/refusal.words.ts'
import { momentStates } from './moment.ts'
import type { MomentRow } from './moments-view.store.ts'

const count = z.int()

export const momentView = z
  .object({
    number: count,
    variant: count,
    canary: z.boolean(),
    tags: z.array(z.string()).openapi({ description: 'The platform’s ids of the corp tags whose carriers see it' }),
    own_tag: z.boolean().openapi({ description: 'The tag is this run’s own: made for it, and taken back after it' }),
    state: z.enum(momentStates),
    asked_at: z.iso.datetime().nullable(),
    to_mark: count,
    marked: count,
    unmarkable: count.openapi({ description: 'Who could not be given the tag, and does not see it' }),
    errcode: count.nullable(),
    why: z.string().nullable(),
    refusal: z.object({ zh: z.string(), en: z.string() }).nullable(),
    members: count.openapi({ description: 'Who are to publish it' }),
    published: count,
    recipients: count.openapi({ description: 'Customers for whom it is' }),
    seen: count.openapi({ description: 'Of these who can see it, as the platform tells' }),
    beside: count.openapi({ description: 'Who can see it without being of this plan' }),
    likes: count,
    comments: count,
  })
  .openapi('CampaignMomentMade')

export function presentMoment(row: MomentRow): z.output<typeof momentView> {
  const { number, variant, canary, tags, ownTag, state, askedAt, toMark, marked, unmarkable, errcode, why } = row
  const { members, published, recipients, seen, beside, likes, comments } = row
  return {
    ...{ number, variant, canary, tags: [...tags], own_tag: ownTag, state, asked_at: askedAt?.toISOString() ?? null },
    ...{ to_mark: toMark, marked, unmarkable, errcode, why, refusal: refusalWords(row) },
    ...{ members, published, recipients, seen, beside, likes, comments },
  }
}
