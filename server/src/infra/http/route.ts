import { createRoute, type RouteConfig } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { may, type Permission } from '../auth/actor.ts'
import { type ApiVariables, forbidden, unauthenticated } from './api.ts'
import { type AuditAction, audited } from './audited.ts'

/** Who may call a route: holders of a permission, everybody who is logged in, or everybody. */
export type Gate = Permission | 'signed-in' | 'public'

interface Reading {
  readonly gate: Gate
  readonly audit?: AuditAction
}

interface Writing {
  readonly gate: Gate
  /** Every write is recorded under an action, or says in one sentence why it is not. */
  readonly audit: AuditAction | { readonly none: string }
}

export type RouteRule<Method> = Method extends 'get' | 'head' ? Reading : Writing

/**
 * The only way to declare a route: its gate and its audit action stand in the declaration, are enforced before the
 * request is validated, and are readable in the OpenAPI document as `x-permission` and `x-audit`.
 */
export function route<P extends string, R extends Omit<RouteConfig, 'path' | 'middleware'> & { path: P }>(
  rule: RouteRule<R['method']>,
  config: R,
) {
  const middleware: MiddlewareHandler<{ Variables: ApiVariables }>[] = []
  if (typeof rule.audit === 'string') middleware.push(audited(rule.audit))
  if (rule.gate !== 'public') middleware.push(guard(rule.gate))
  return createRoute<P, R>({ ...config, 'x-permission': rule.gate, 'x-audit': rule.audit, middleware })
}

function guard(gate: Permission | 'signed-in'): MiddlewareHandler<{ Variables: ApiVariables }> {
  return async (c, next) => {
    const actor = c.get('actor')
    if (!actor) throw unauthenticated()
    if (gate !== 'signed-in' && !may(actor, gate)) throw forbidden(gate)
    await next()
  }
}
