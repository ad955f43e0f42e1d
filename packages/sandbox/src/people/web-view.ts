import { refuse } from '../admin/refusal.ts'
import type { WebPage } from '../admin/schema.lookups.ts'
import type { Platform } from '../platform.ts'

const AGENT =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.60 NetType/WIFI Language/zh_CN'
const TIMEOUT_MS = 8_000
const MOST_BYTES = 2_000_000
const MOST_REDIRECTS = 10

/** WeChat's own browser, one for each person: it keeps his cookies and lets OAuth know who he is. */
export interface WebViews {
  /** Opens a page of the brand. Refuses with 409 what is no page, does not answer, or is not the brand's. */
  open(person: string, address: string): Promise<WebPage>
}

type Jar = Map<string, Map<string, string>>

/** What the browser needs to know of the platform: whose pages may be opened, and where OAuth is. */
export type WebViewParts = Pick<Platform, 'apps' | 'settings' | 'address' | 'weixin'>

export function createWebViews(platform: WebViewParts): WebViews {
  const jars = new Map<string, Jar>()
  return {
    async open(person, address) {
      const jar: Jar = jars.get(person) ?? new Map()
      jars.set(person, jar)
      // brands put the log-in page itself behind buttons and codes
      let url = asVisitor(platform, parse(address), person)
      for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
        if (!isOurs(platform, url)) {
          throw refuse(
            409,
            'foreign_page',
            `${url.host} is no page of the brand`,
            '这不是品牌自己的网页，请在浏览器里打开',
          )
        }
        const response = await visit(url, jar)
        const location = response.headers.get('location')
        if (response.status < 300 || response.status >= 400 || location === null) return read(url, response)
        await response.body?.cancel()
        url = asVisitor(platform, new URL(location, url), person)
      }
      throw refuse(409, 'redirect_loop', 'the page leads round in circles', '这个网页一直在跳转')
    },
  }
}

function parse(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw refuse(400, 'malformed', 'only http and https pages can be opened', '只能打开网页')
}

/** Hosts that the brand has registered, so that a sandbox on the net is nobody's proxy. */
function isOurs({ apps, settings, address, weixin }: WebViewParts, url: URL): boolean {
  const callbacks = [...apps.values(), ...weixin.accounts.values()].flatMap(({ callback }) =>
    callback === undefined ? [] : [callback.url],
  )
  const hosts = Object.values(settings.value.apps).flatMap((app) => app.redirectDomains)
  const domains = hosts.concat(settings.value.weixin.redirectDomains).map((host) => `http://${host}`)
  return [address.url, ...callbacks, ...domains].some(
    (known) => URL.canParse(known) && new URL(known).hostname === url.hostname,
  )
}

/** The log-in page of the platform asks nobody who is already known. */
function asVisitor({ address }: WebViewParts, url: URL, person: string): URL {
  if (url.origin === new URL(address.url).origin && url.pathname === '/connect/oauth2/authorize') {
    url.searchParams.set('visitor', person)
  }
  return url
}

async function visit(url: URL, jar: Jar): Promise<Response> {
  const cookies = jar.get(url.hostname) ?? new Map<string, string>()
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const response = await fetch(url, {
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: {
      accept: 'text/html',
      'accept-language': 'zh-CN',
      'user-agent': AGENT,
      ...(cookie === '' ? {} : { cookie }),
    },
  }).catch((cause: unknown) => {
    throw refuse(
      409,
      'unreachable',
      `${url.host} does not answer: ${String(cause)}`,
      '网页打不开，请检查服务是否在运行',
    )
  })
  for (const line of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=;]+)=([^;]*)/.exec(line) ?? []
    if (name !== undefined && value !== undefined) cookies.set(name.trim(), value)
  }
  jar.set(url.hostname, cookies)
  return response
}

async function read(url: URL, response: Response): Promise<WebPage> {
  const type = response.headers.get('content-type') ?? ''
  if (!type.startsWith('text/html')) {
    await response.body?.cancel()
    throw refuse(409, 'no_page', `${url.href} is ${type}, not a page`, '这个链接不是网页')
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    size += chunk.byteLength
    if (size > MOST_BYTES) throw refuse(409, 'too_big', 'the page is larger than 2 MB', '网页太大')
  }
  return { url: url.href, status: response.status, html: Buffer.concat(chunks).toString('utf8') }
}
