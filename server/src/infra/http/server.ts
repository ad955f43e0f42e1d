import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { isUnstorable } from '../db/unstorable.ts'
import { AppError, type Said } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Api } from './api.ts'
import { createApi } from './api.ts'
import { securityHeaders } from './security-headers.ts'

const maxBody = 20 * 1024 * 1024

/** The outer application: language, request id, headers, one error shape; rooms add their routes to it. */
export function createApplication(log: Log, options: { sandboxUrl?: string | undefined } = {}): Api {
  const app = createApi()
  const frames = options.sandboxUrl === undefined ? [] : addressesOf(options.sandboxUrl)
  app.use(async (c, next) => {
    c.set('requestId', randomUUID())
    c.set('language', languageOf(c.req.header('x-language') ?? c.req.header('accept-language')))
    c.header('x-request-id', c.get('requestId'))
    await next()
  })
  app.use(securityHeaders(frames))
  const limited = bodyLimit({
    maxSize: maxBody,
    onError: () => {
      throw tooLarge()
    },
  })
  for (const path of ['/api/*', '/v1/*']) app.use(path, limited)
  app.notFound((c) => {
    const error = noSuchAddress()
    return c.json(error.body(c.get('language') ?? 'zh'), error.status)
  })
  app.onError((thrown, c) => {
    const language = c.get('language') ?? 'zh'
    const error = tellable(thrown)
    if (error instanceof AppError) {
      if (error.status >= 500)
        log.error({ err: error, path: c.req.path, requestId: c.get('requestId') }, 'request failed')
      return c.json(error.body(language), error.status)
    }
    log.error({ err: error, path: c.req.path, requestId: c.get('requestId') }, 'unexpected error')
    const unexpected = new AppError(
      'internal',
      {
        zh: '系统出现了意外错误，你的操作没有完成。',
        en: 'Something unexpected failed; your action was not completed.',
      },
      {
        hint: {
          zh: `请重试；若仍出现，请把编号 ${c.get('requestId')} 交给技术同事。`,
          en: `Try again; if it happens again, give the number ${c.get('requestId')} to your engineers.`,
        },
      },
    )
    return c.json(unexpected.body(language), unexpected.status)
  })
  return app
}

/** A person's browser may call this machine by its name or by its number; to a policy these are two places. */
function addressesOf(url: string): readonly string[] {
  const { origin } = new URL(url)
  const other = origin.includes('//127.0.0.1:')
    ? origin.replace('//127.0.0.1:', '//localhost:')
    : origin.replace('//localhost:', '//127.0.0.1:')
  return [...new Set([origin, other])]
}

function noSuchAddress(): AppError {
  return new AppError(
    'not_found',
    { zh: '没有这个地址。', en: 'There is no such address.' },
    { hint: { zh: '接口清单见 /api/openapi.json。', en: 'The interfaces are listed in /api/openapi.json.' } },
  )
}

/** What others throw of a request that is at fault, in our own shape. */
function tellable(thrown: unknown): unknown {
  // a body that is no JSON, or of another kind than declared, is told by the framework in its own way
  if (thrown instanceof HTTPException && thrown.status < 500) return unreadable(thrown)
  return isUnstorable(thrown) ? noSuchSign(thrown) : thrown
}

function noSuchSign(cause: unknown): AppError {
  return new AppError(
    'invalid_request',
    {
      zh: '文字里有无法保存的字符（空字符，或不完整的表情符号）。',
      en: 'A text holds a sign that cannot be kept (a null character, or half of an emoji).',
    },
    {
      hint: { zh: '请删掉它后重试，多为复制粘贴带入。', en: 'Delete it and send again; it mostly comes from copying.' },
      cause,
    },
  )
}

function unreadable(cause: HTTPException): AppError {
  return new AppError(
    'invalid_request',
    { zh: '请求的内容无法读取。', en: 'The body of the request cannot be read.' },
    {
      hint: {
        zh: '请发送 UTF-8 的 JSON，并带上 content-type: application/json（上传文件用表单）。',
        en: 'Send JSON in UTF-8 with content-type: application/json (a form for files).',
      },
      cause,
    },
  )
}

function tooLarge(): AppError {
  return new AppError(
    'too_large',
    { zh: `上传内容超过 ${maxBody / 1024 / 1024} MB。`, en: `The body is larger than ${maxBody / 1024 / 1024} MB.` },
    { hint: { zh: '请拆分后再上传。', en: 'Split it and send the parts.' } },
  )
}

export function languageOf(header: string | undefined): keyof Said {
  return header !== undefined && /^\s*en/i.test(header) ? 'en' : 'zh'
}

/**
 * Stands before the application and may answer a request by itself (true). What it leaves goes to the application, also
 * later by `pass`, together with a body that was read already.
 */
export type Shortcut = (request: IncomingMessage, response: ServerResponse, pass: (body: Buffer) => void) => boolean

/** Listens; rejects with a sentence when the port is taken. */
export function listen(
  app: Api,
  port: number,
  host: string,
  shortcut: Shortcut = () => false,
): Promise<{ port: number; close(): Promise<void> }> {
  const whole = getRequestListener(app.fetch, { hostname: host })
  const server = createServer((request, response) => {
    // the framework's adapter reads a body that is there already from `rawBody`
    const pass = (rawBody: Buffer): void => void whole(Object.assign(request, { rawBody }), response)
    if (!shortcut(request, response, pass)) void whole(request, response)
  })
  server.keepAliveTimeout = 65_000
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(
              `端口 ${port} 已被占用 Port ${port} is taken: 请设置另一个 set another PORT, 或停掉占用它的程序 or stop the program that has it.`,
            )
          : error,
      )
    })
    server.listen(port, host, () => {
      resolve({ port: (server.address() as AddressInfo).port, close: () => closeServer(server) })
    })
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
    // streams (progress, clock) end by themselves only when the client goes; drain briefly, then cut
    setTimeout(() => server.closeAllConnections(), 1_500).unref()
  })
}
