import { randomBytes } from 'node:crypto'
import type { Endpoint, UploadFile } from '../endpoint.ts'
import type { Outgoing } from './transport.ts'

/** Values as they stand in a query; what is undefined is left out. */
function query(values: unknown): URLSearchParams {
  const params = new URLSearchParams()
  if (typeof values !== 'object' || values === null) return params
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null) params.set(name, String(value))
  }
  return params
}

/** Writes a checked request as the platform wants it: GET by query, POST by JSON, uploads by multipart form. */
export async function encode(
  baseUrl: string,
  endpoint: Endpoint,
  request: unknown,
  file: UploadFile | undefined,
  token: string | undefined,
): Promise<Pick<Outgoing, 'method' | 'url' | 'contentType' | 'body'>> {
  const inQuery = endpoint.method === 'GET' || endpoint.upload !== undefined
  const params = query(inQuery ? request : undefined)
  if (token !== undefined) params.set('access_token', token)
  const search = params.size === 0 ? '' : `?${params}`
  const target = { method: endpoint.method, url: `${baseUrl}${endpoint.path}${search}` }
  if (endpoint.upload !== undefined && file !== undefined)
    return { ...target, ...(await multipart(endpoint.upload, file)) }
  if (inQuery) return target
  return { ...target, contentType: 'application/json', body: new TextEncoder().encode(JSON.stringify(request)) }
}

/** One file as multipart form data, with the `filelength` the platform asks for (D90253). */
async function multipart(field: string, { file, filename }: UploadFile) {
  const content = file instanceof Blob ? new Uint8Array(await file.arrayBuffer()) : file
  const boundary = `----nuanyu${randomBytes(12).toString('hex')}`
  const name = filename.replaceAll(/["\r\n\\]/g, '_')
  const head =
    `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"; ` +
    `filelength=${content.length}\r\nContent-Type: application/octet-stream\r\n\r\n`
  const body = Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)])
  return { contentType: `multipart/form-data; boundary=${boundary}`, body }
}
