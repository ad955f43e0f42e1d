import { currentLanguage } from '#shared/i18n/i18n.ts'

/** What the sandbox said no to, in the reader's language. */
export class SandboxError extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'SandboxError'
    this.status = status
    this.code = code
  }
}

type ErrorBody = { error?: { code?: string; message?: string; messageZh?: string } }

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`/sandbox/${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const answer: unknown = await response.json().catch(() => undefined)
  if (!response.ok) {
    const { error } = (answer ?? {}) as ErrorBody
    const message = currentLanguage() === 'zh-CN' ? (error?.messageZh ?? error?.message) : error?.message
    throw new SandboxError(response.status, error?.code ?? 'unknown', message ?? `HTTP ${response.status}`)
  }
  // The one place that trusts: the sandbox wrote this by the very schemas that the types come from.
  return answer as T
}

export const api = {
  get: <T>(path: string) => call<T>('GET', path),
  post: <T>(path: string, body: unknown = {}) => call<T>('POST', path, body),
  patch: <T>(path: string, body: unknown) => call<T>('PATCH', path, body),
  remove: <T>(path: string) => call<T>('DELETE', path),
}

/** `a=1&b=2` of the given values, leaving out what is undefined or empty. */
export function query(values: Record<string, string | number | undefined>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') search.set(name, String(value))
  }
  return search.toString()
}

export const at = encodeURIComponent
