import { z } from '@hono/zod-openapi'

export const identityView = z
  .object({
    home_id: z.number(),
    kind: z.string().openapi({ example: 'unionid' }),
    value: z.string().openapi({
      description: 'Masked for those who may not see personal data; empty where only a fingerprint is kept',
    }),
    seen_at: z.string(),
    may_part: z.boolean().openapi({ description: 'It stands apart from the rest of the person and can leave him' }),
  })
  .openapi('PersonIdentity')

export const personSide = z
  .object({
    home_id: z.number(),
    person_id: z.number().openapi({ description: 'The id of the customer page' }),
    name: z.string(),
    avatar: z.string().nullable(),
    identities: z.array(identityView),
    members: z.array(z.string()).openapi({ description: 'Names of staff who have or had the customer' }),
  })
  .openapi('PersonSide')

export const personPair = z
  .object({
    kind: z
      .string()
      .openapi({ description: 'Of a conflict: what the person would have two of; of a proposal: what both share' }),
    source: z.string().nullable(),
    at: z.string(),
    low: personSide,
    high: personSide,
  })
  .openapi('PersonPair')

export const personMerge = z
  .object({
    id: z.number(),
    kind: z.enum(['merged', 'parted']),
    part: personSide.openapi({ description: 'Who joined or left' }),
    root: personSide,
    homes: z.array(z.number()),
    source: z.string().nullable(),
    reference: z.string().nullable(),
    evidence_at: z.string().nullable(),
    reason: z.string().nullable(),
    by: z.string().nullable(),
    at: z.string(),
    undone_at: z.string().nullable(),
    may_undo: z.boolean(),
  })
  .openapi('PersonMerge')

const homeId = z.int().positive()
export const reasoned = z.object({
  reason: z.string().trim().min(2).max(200).openapi({ description: 'Why; never a name or a phone number' }),
})
export const pairDecision = reasoned.extend({ low: homeId, high: homeId })
export const proposalDecision = pairDecision.extend({ same: z.boolean() })
export const identityPart = reasoned.extend({ home_id: homeId })
export const joinAsk = z.object({ one: homeId, other: homeId })
export const joinOrder = joinAsk.extend(reasoned.shape)
export const joinPreview = z
  .object({
    outcome: z.enum(['joined', 'already', 'conflict']),
    conflict: z.string().nullable().openapi({ description: 'The kind of which the person would have two' }),
    one: personSide,
    other: personSide,
  })
  .openapi('PersonJoinPreview')
export const personIdentities = z
  .object({
    person_id: z.number(),
    identities: z.array(identityView),
    merges: z.array(personMerge),
    reading: z.object({ since: z.string().nullable(), reason: z.string().nullable() }).nullable().openapi({
      description: 'Something of him is still to be read at the platform, since when, and what hindered it',
    }),
  })
  .openapi('PersonIdentities')
