import createClient, { type Middleware } from 'openapi-fetch'
import { currentLanguage } from '../i18n/i18n.ts'
import { ApiError, errorFrom } from './errors.ts'
import type { paths } from './schema.gen.ts'

let csrf: string | undefined
let whenSignedOut: (() => void) | undefined
let whenPasswordDue: (() => void) | undefined

/** The token that `GET /api/auth/me` hands out; sent with everything that changes something. */
export function setCsrf(token: string | undefined): void {
  csrf = token
}

/** Called when a session turns out to be over (401); the console goes to the log-in page and comes back. */
export function onSignedOut(handler: () => void): void {
  whenSignedOut = handler
}

/** Called when the server answers nothing more until the password is changed (`password_change_required`). */
export function onPasswordDue(handler: () => void): void {
  whenPasswordDue = handler
}

const manners: Middleware = {
  onRequest({ request }) {
    request.headers.set('accept-language', currentLanguage())
    if (csrf && request.method !== 'GET') request.headers.set('x-csrf-token', csrf)
    return request
  },
  async onResponse({ request, response }) {
    if (response.ok) return response
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => undefined)
    if (response.status === 401 && !new URL(request.url).pathname.startsWith('/api/auth/')) whenSignedOut?.()
    const refusal = errorFrom(response.status, body)
    if (refusal.code === 'password_change_required') whenPasswordDue?.()
    throw refusal
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === 'AbortError') return error
    return new ApiError(0, { code: 'network', message: '' })
  },
}

/** The typed API. A refusal throws `ApiError`, so `data` is there whenever the promise resolves: see `ask`. */
export const api = createClient<paths>({ baseUrl: origin(), credentials: 'same-origin' })
api.use(manners)

function origin(): string {
  return typeof location === 'undefined' ? 'http://localhost' : location.origin
}

/** `await ask(api.GET('/api/limits'))` is the body of the answer, or throws `ApiError`. */
export async function ask<T>(call: Promise<{ data?: T; response: Response }>): Promise<NonNullable<T>> {
  const { data, response } = await call
  if (data === undefined || data === null) throw errorFrom(response.status, undefined)
  return data
}
