import { z } from 'zod'

type Branded<Name extends string> = string & z.core.$brand<Name>
type Accepted<Name extends string> = string & Partial<z.core.$brand<Name>>

const longestId = 512

function id<Name extends string>(code: number): z.ZodType<Branded<Name>, Accepted<Name>> {
  const shape = z.string({ error: `${code} missing` }).superRefine((text, context) => {
    if (text.length < 1 || text.length > longestId) context.addIssue({ code: 'custom', message: `${code} no id` })
  })
  // The one place that turns a checked string into an id.
  return shape as unknown as z.ZodType<Branded<Name>, Accepted<Name>>
}

/** An Official Account's or mini program's id, `wx…`. */
export const AppId = id<'AppId'>(40013)
export type AppId = z.output<typeof AppId>

/** A person as one account sees him: another in every Official Account and mini program. */
export const OpenId = id<'OpenId'>(40003)
export type OpenId = z.output<typeof OpenId>

/** A person in all accounts that are bound to the same open-platform account. */
export const UnionId = id<'UnionId'>(40003)
export type UnionId = z.output<typeof UnionId>

/** A message template of an account. */
export const WeixinTemplateId = id<'WeixinTemplateId'>(40037)
export type WeixinTemplateId = z.output<typeof WeixinTemplateId>
