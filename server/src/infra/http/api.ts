import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { type Actor, type Permission, rolesWith } from '../auth/actor.ts'
import type { Caller } from '../auth/caller.ts'
import { AppError, errorCodes, type Said } from '../errors.ts'
import type { AuditNote, AuditSink } from './audited.ts'

export interface ApiVariables {
  actor: Actor
  language: keyof Said
  requestId: string
  /** The caller's address, behind as many proxies as are trusted. */
  ip: string
  /** The session that the cookie names; unset without one. */
  session: SessionOfRequest | undefined
  /** Another system that came with its key; only under /v1, where nobody has a session. */
  caller: Caller | undefined
  /** Where audit entries go, and what the handler noted for this request's. */
  audit: AuditSink | undefined
  auditNote: AuditNote | undefined
}

export interface SessionOfRequest {
  readonly id: string
  /** What `x-csrf-token` must say on every unsafe method. */
  readonly csrf: string
  /** Nothing but a new password, log-out and “who am I” is answered. */
  readonly mustChangePassword: boolean
}

export type Api = OpenAPIHono<{ Variables: ApiVariables }>
export type ApiContext = Context<{ Variables: ApiVariables }>

/** A router whose validation failures have the one error shape. */
export function createApi(): Api {
  return new OpenAPIHono<{ Variables: ApiVariables }>({
    defaultHook: (result, c) => {
      if (result.success) return undefined
      const fields = result.error.issues.map((issue) => ({ field: issue.path.join('.'), problem: issue.message }))
      const error = new AppError(
        'invalid_request',
        { zh: '请求里有字段不符合要求。', en: 'Some fields of the request do not fit.' },
        {
          hint: { zh: '请按提示修改后重试。', en: 'Correct the fields listed and send it again.' },
          details: { fields },
        },
      )
      return c.json(error.body(c.get('language') ?? 'zh'), error.status)
    },
  })
}

/** A number that a path or query names and an integer column holds: of a greater one there is nothing. */
export const rowNumber = z.coerce.number().int().positive().max(2_147_483_647)

export const errorSchema = z
  .object({
    code: z.enum(Object.keys(errorCodes) as [string, ...string[]]),
    message: z.string(),
    hint: z.string().optional(),
    details: z.unknown().optional(),
  })
  .openapi('Error')

const errorContent = (description: string) => ({
  description,
  content: { 'application/json': { schema: errorSchema } },
})

/** The error answers that every route of the console may give; spread into a route's `responses`. */
export const errorResponses = {
  400: errorContent('The request does not fit the schema'),
  401: errorContent('Not logged in'),
  403: errorContent('Not allowed'),
  404: errorContent('Not found, or outside the data scope'),
  409: errorContent('Conflict'),
  422: errorContent('A rule refuses it'),
} as const

export function jsonContent<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { 'application/json': { schema } } }
}

/** `{ items, next_cursor }`: every list pages by key. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() })
}

export const pageQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

export function unauthenticated(): AppError {
  return new AppError(
    'unauthenticated',
    { zh: '你还没有登录，或登录已过期。', en: 'You are not logged in, or the session has ended.' },
    { hint: { zh: '请重新登录。', en: 'Please log in again.' } },
  )
}

export function passwordChangeRequired(): AppError {
  return new AppError(
    'password_change_required',
    {
      zh: '你还在使用公开的演示密码，不能用它管理真实企业。',
      en: 'You still have the published demo password, which must not open a real corp.',
    },
    { hint: { zh: '请先设置一个新密码。', en: 'Set a new password first.' } },
  )
}

export function forbidden(permission: Permission): AppError {
  const roles = rolesWith(permission)
  return new AppError(
    'forbidden',
    { zh: `你的角色没有「${permission}」权限。`, en: `Your role lacks the permission “${permission}”.` },
    {
      hint: {
        zh: `拥有该权限的角色：${roles.join('、')}。请联系管理员调整。`,
        en: `Roles that have it: ${roles.join(', ')}. Ask an administrator to change yours.`,
      },
      details: { permission, roles },
    },
  )
}

/**
 * A page of rows, of which one more than its limit was read, and the cursor of the next: an opaque base64url of the key of
 * its last row; null when nothing is left.
 */
export function page<Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (last: Row) => readonly (string | number | Date)[],
): { readonly shown: readonly Row[]; readonly next_cursor: string | null } {
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return { shown, next_cursor: last === undefined ? null : encodeCursor(keyOf(last)) }
}

const encodeCursor = (key: readonly unknown[]) => Buffer.from(JSON.stringify(key)).toString('base64url')

/** A moment in the key that a cursor holds. */
export const cursorMoment = z.iso.datetime().transform((text) => new Date(text))

/** Reads a cursor back with the shape the list expects; anything else is the caller's error. */
export function decodeCursor<T extends z.ZodType>(schema: T, cursor: string | undefined): z.output<T> | undefined {
  if (cursor === undefined) return undefined
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch (cause) {
    throw new AppError(
      'invalid_request',
      { zh: '翻页标记无效。', en: 'The paging cursor is not valid.' },
      { hint: { zh: '请从第一页重新开始。', en: 'Start again from the first page.' }, cause },
    )
  }
}
