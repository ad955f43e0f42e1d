import type { Endpoint } from '@nuanyu/wecom'
import { type Fail, fail } from '../fail.ts'

/** Fields that no record holds. */
const SECRETS = ['corpsecret', 'secret', 'access_token', 'refresh_token']
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
    const { access_token, debug: _debug, ...fields } = Object.fromEntries(query)
    // a person's own token is part of the request; an account's is not
    const own = endpoint.credential.includes('none') && access_token !== undefined
    return { input: own ? { ...fields, access_token } : fields }
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
  const hidden = SECRETS.filter((name) => name in input)
  return hidden.length === 0 ? input : { ...input, ...Object.fromEntries(hidden.map((name) => [name, '…'])) }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
