import { z } from 'zod'
import { limitInForce, type NumericLimit } from './limits.ts'

/** How a schema says which error code the platform answers: the message starts with it. */
type Code = number

const said = (code: Code | undefined, sentence: string): string =>
  code === undefined ? sentence : `${code} ${sentence}`

/** Text of at most that many characters (code points: an emoji counts once). */
export function chars(max: NumericLimit, options: { min?: number | NumericLimit; code?: Code } = {}) {
  return z.string().superRefine((text, context) => {
    const limit = limitInForce(max)
    // Code units are never fewer than code points, so the count is made only when it can matter.
    if (text.length > limit && [...text].length > limit) {
      context.addIssue({
        code: 'custom',
        message: said(options.code, `longer than ${limit} characters`),
        params: { limit: max },
      })
    }
    const min = typeof options.min === 'string' ? limitInForce(options.min) : (options.min ?? 0)
    if (text.length < min) {
      context.addIssue({ code: 'custom', message: said(options.code, `shorter than ${min} characters`) })
    }
  })
}

/** Text of at most that many bytes in UTF-8. */
export function bytes(max: NumericLimit, options: { min?: number; code?: Code } = {}) {
  return z.string().superRefine((text, context) => {
    const limit = limitInForce(max)
    if (text.length * 3 > limit && Buffer.byteLength(text) > limit) {
      context.addIssue({
        code: 'custom',
        message: said(options.code, `longer than ${limit} bytes`),
        params: { limit: max },
      })
    }
    if (text.length < (options.min ?? 0)) context.addIssue({ code: 'custom', message: said(options.code, 'empty') })
  })
}

/** A list of at most that many items. */
export function upTo<Item extends z.ZodType>(
  max: NumericLimit,
  item: Item,
  options: { min?: number; code?: Code } = {},
) {
  return z.array(item).superRefine((items, context) => {
    const limit = limitInForce(max)
    if (items.length > limit) {
      context.addIssue({
        code: 'custom',
        message: said(options.code, `more than ${limit} items`),
        params: { limit: max },
      })
    }
    if (items.length < (options.min ?? 0)) {
      context.addIssue({ code: 'custom', message: said(options.code, `fewer than ${options.min} items`) })
    }
  })
}

/** A whole number from `min` to that limit. */
export function atMost(max: NumericLimit, options: { min?: number; code?: Code } = {}) {
  return z.int().superRefine((number, context) => {
    const limit = limitInForce(max)
    const min = options.min ?? 0
    if (number < min || number > limit) {
      context.addIssue({
        code: 'custom',
        message: said(options.code, `not from ${min} to ${limit}`),
        params: { limit: max },
      })
    }
  })
}

/** One of a few numbers, with the codes of a missing and of a wrong one. */
export function oneOf<const Values extends readonly number[]>(
  values: Values,
  codes: { missing?: Code; wrong?: Code } = {},
) {
  return z.literal(values, {
    error: (issue) =>
      issue.input === undefined ? said(codes.missing, 'missing') : said(codes.wrong, `not one of ${values.join(', ')}`),
  })
}

/** A required field whose absence the platform names by a code of its own. */
export function required<Output, Input>(code: Code, schema: z.ZodType<Output, Input>): z.ZodType<Output, Input> {
  return z
    .custom<Input>((value) => value !== undefined && value !== null && value !== '', `${code} missing`)
    .pipe(schema)
}

/** `0` or `1`, the platform's yes and no in some bodies. */
export const Bit = z.literal([0, 1])

/** Seconds since 1970. */
export const Seconds = z.int().nonnegative()

/** Where the next page starts; empty at the end. */
export const NextCursor = z.string().default('')

/** Page position given back by the platform; empty or absent for the first page. */
export const Cursor = z.string().optional()

/** A list in an answer: the platform leaves out empty ones. */
export const listOf = <Item extends z.ZodType>(item: Item) => z.array(item).default([])

/** A number in a query string: sent as text, read as a number. */
export const QueryInt = z.coerce.number<number | string>().pipe(z.int())

/** The body of an answer that says nothing but `errcode: 0`. */
export const Nothing = z.object({})

/** The query or body of a call that takes nothing. */
export const NoRequest = z.object({})
