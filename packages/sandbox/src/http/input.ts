import type { Endpoint } from '@nuanyu/wecom'
import { type Fail, fail } from '../fail.ts'

/** Longer bodies are cut in the oracle's records. */
const KEPT_BYTES = 4_000

/** The query of a GET or an upload, the JSON object of a POST. */
export function readInput(
  endpoint: Endpoint,
  method: string | undefined,
  query: URLSearchParams,
  body: Buffer,
): { input: unknown } | Fail {
  if (method !== endpoint.method) return fail(40058, `${endpoint.path} is called with ${endpoint.method}`)
  if (endpoint.method === 'GET' || endpoint.upload !== undefined) {
    const { access_token: _token, debug: _debug, ...fields } = Object.fromEntries(query)
    return { input: fields }
  }
  if (body.length === 0) return { input: {} }
  const input = parseJson(body)
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return fail(40058, 'invalid Request Parameter. Warning: wrong json format.')
  }
  return { input }
}

/** What the oracle keeps of it: no secret, no endless text. */
export function kept(input: unknown, body: Buffer): unknown {
  if (body.length > KEPT_BYTES || typeof input !== 'object' || input === null)
    return `${body.toString('utf8', 0, KEPT_BYTES)}…`
  return 'corpsecret' in input ? { ...input, corpsecret: '…' } : input
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
