import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hono } from 'hono'
import { v7 as uuid } from 'uuid'
import { afterAll } from 'vitest'
import type { Api } from '../../../infra/http/api.ts'
import { listen } from '../../../infra/http/server.ts'
import { testSite } from '../../../infra/http/testing.ts'
import { sandboxPlatform } from '../../../infra/platform/testing.ts'
import type { Services } from '../../../infra/services.ts'
import { linksRoutes } from './links.routes.ts'
import { mintLinks } from './links.store.ts'
import { openRoutes } from './open.routes.ts'
import { openShortcut } from './open.shortcut.ts'
import { createOpensInbox } from './opens-inbox.ts'

export const wechat =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.50'
export const desktop = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36'

/** A server that customers reach over HTTP, with the sandbox as its platform and one customer who is known. */
export async function linkStage(
  rooms: {
    readonly api?: (services: Services) => readonly Api[]
    readonly pages?: (services: Services) => readonly Hono[]
  } = {},
) {
  const behind = await sandboxPlatform({ people: 20, staff: 4 })
  const dataDir = await mkdtemp(join(tmpdir(), 'nuanyu-links-'))
  afterAll(() => rm(dataDir, { recursive: true, force: true }))
  const site = await testSite({
    routes: (services) => [linksRoutes(services), ...(rooms.api?.(services) ?? [])],
    services: { platform: behind.platform },
    config: { dataDir, sandbox: true, sandboxUrl: behind.url },
  })
  const { db, corpId, services, clock } = site
  const inbox = createOpensInbox(services)
  site.app.route('/', openRoutes(services, inbox))
  for (const pages of rooms.pages?.(services) ?? []) site.app.route('/', pages)
  const server = await listen(site.app, 0, '127.0.0.1', openShortcut(services, inbox))
  afterAll(() => server.close())
  afterAll(() => inbox.stop())
  const url = `http://127.0.0.1:${server.port}`
  await db.updateTable('corps').set({ corpid: behind.sandbox.world.corpId }).where('id', '=', corpId).execute()

  const settings = async (given: Record<string, unknown>) =>
    void (await db
      .updateTable('corps')
      .set({ settings: JSON.stringify({ link_urls: [url], ...given }) })
      .where('id', '=', corpId)
      .execute())
  await settings({})

  const externalUserid = behind.sandbox.world.customers.externalUserId(0)
  const customer = async (id: number, external?: string) => {
    await db.insertInto('customers').values({ id, corp_id: corpId, created_at: clock.now() }).execute()
    if (external === undefined) return
    const identity = { corp_id: corpId, kind: 'external_userid', value: external, customer_id: id }
    await db
      .insertInto('identities')
      .values({ ...identity, seen_at: clock.now() })
      .execute()
  }
  await customer(900, externalUserid)

  /** A campaign's run with one link for each of its tasks. */
  const run = async (tasks: number, target = 'https://shop.example/cherries?id=1#top') => {
    const id = uuid()
    const at = clock.now()
    await db
      .insertInto('campaigns')
      .values({ id, corp_id: corpId, name: '樱桃上新', created_at: at, changed_at: at })
      .execute()
    const { id: number } = await db
      .insertInto('campaign_runs')
      .values({ corp_id: corpId, campaign_id: id, version: 1, planned_for: at, created_at: at })
      .returning('id')
      .executeTakeFirstOrThrow()
    const wanted = Array.from({ length: tasks }, (_, task) => ({ target, run: number, task, place: 0 }))
    const tokens = await db.transaction().execute((tx) => mintLinks(tx, services.vault, corpId, wanted))
    return { campaign: id, run: number, tokens, wanted }
  }

  return { ...site, behind, url, inbox, settings, customer, externalUserid, run, browser: () => browser(url) }
}

/** A browser: keeps its cookies, follows nothing. */
function browser(url: string) {
  const jar = new Map<string, string>()
  return {
    jar,
    async open(path: string, init: RequestInit & { agent?: string } = {}) {
      const { agent = wechat, headers, ...rest } = init
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
      const response = await fetch(new URL(path, url), {
        redirect: 'manual',
        ...rest,
        headers: {
          'user-agent': agent,
          ...(cookie === '' ? {} : { cookie }),
          ...Object.fromEntries(new Headers(headers)),
        },
      })
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? []
        if (/max-age=0/i.test(line)) jar.delete(name)
        else jar.set(name, value)
      }
      return { status: response.status, location: response.headers.get('location') ?? '', html: await response.text() }
    },
  }
}

/** What WeChat does with its silent log-in: answers the address that leads back. `as` undefined: he is nobody's customer. */
export async function answered(location: string, as: string): Promise<string> {
  const page = new URL(location)
  page.hash = ''
  page.searchParams.set('visitor', as)
  const answer = await fetch(page, { redirect: 'manual' })
  return answer.headers.get('location') ?? ''
}
