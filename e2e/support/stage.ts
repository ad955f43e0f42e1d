import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Sandbox, SandboxOptions } from '@nuanyu/sandbox'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core'
import { afterAll, afterEach, expect, inject } from 'vitest'
import { freePort, type ServerProcess, startServerProcess } from '../../bench/lib/processes.ts'
import { testSandbox } from '../../server/src/infra/platform/testing.ts'
import { type TestDatabase, testDatabase } from '../../server/src/infra/postgres/testing.ts'
import { type ConsoleSide, openConsole, type Role } from './console.ts'
import { openPhone, type PhoneSide } from './phone.ts'
import { createAlbum, type Size } from './pictures.ts'
import { type PlatformSide, platformSide } from './platform.ts'

const web = (path: string) => fileURLToPath(new URL(`../../web/dist/${path}`, import.meta.url))

/** How WeChat's own browser names itself. */
export const wechat =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.50'

/** Whose browser a window is, where it is not a Chinese desktop's. */
export type Visitor = Pick<BrowserContextOptions, 'userAgent' | 'locale'>

/** One story's own world: sandbox with its phone, database, a real server process, and windows in the run's Chromium. */
export interface Stage {
  readonly url: string
  readonly platform: PlatformSide
  readonly sandbox: Sandbox
  readonly db: TestDatabase['db']
  /** A window of the console, logged in as this role. */
  console(role: Role): Promise<ConsoleSide>
  /** A window with nobody logged in. */
  window(like?: Visitor): Promise<Page>
  /** A window of the sandbox's phone. */
  phone(): Promise<PhoneSide>
  /** Keeps a picture of the window as `build/stories/<story>/NN-what.png`. */
  picture(page: Page, what: string): Promise<void>
  /** The picture, and axe must find nothing serious in it. */
  judged(page: Page, what: string): Promise<void>
  /** The same at each of these sizes, with this part in sight. */
  judgedAt(page: Page, sizes: readonly Size[], what: string, part?: Locator): Promise<void>
}

export interface StageOptions extends Pick<SandboxOptions, 'people' | 'staff' | 'relations' | 'settings'> {
  /** The brand's time when the curtain rises, e.g. `2026-12-02T10:00:00+08:00`. */
  at?: string
}

/**
 * At the top of a story's file: `const stage = await openStage('first-welcome')`. It is taken down after the file's
 * tests; a page that threw, or an answer of the server above 499, fails the story.
 */
export async function openStage(story: string, options: StageOptions = {}): Promise<Stage> {
  for (const page of ['console/index.html', 'phone/index.html'])
    if (!existsSync(web(page))) throw new Error(`web/dist/${page} is not built: run npm run build first`)
  const database = await testDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'nuanyu-story-'))
  const { at = '2026-12-02T10:00:00+08:00', ...world } = options
  const sandbox = testSandbox({
    people: 60,
    staff: 16,
    phone: web('phone'),
    clock: { startMs: Date.parse(at) },
    ...world,
  })
  const { url: sandboxUrl } = await sandbox.listen({ port: 0 })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const faults: string[] = []
  const contexts: BrowserContext[] = []
  let server: ServerProcess | undefined
  let browser: Browser | undefined
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    for (const page of contexts.flatMap((context) => context.pages())) await album.keep(page, 'where-it-failed')
  })
  afterAll(async () => {
    for (const context of contexts) await context.close()
    await browser?.close() // leaves the run's Chromium running: it only hangs up
    await server?.stop()
    await sandbox.close()
    await rm(dataDir, { recursive: true, force: true })
    expect(faults).toEqual([])
  })
  const album = await createAlbum(fileURLToPath(new URL(`../../build/stories/${story}/`, import.meta.url)))
  const starting = startServerProcess(port, {
    DATABASE_URL: database.url,
    DATA_DIR: dataDir,
    SANDBOX_URL: sandboxUrl,
    ROLES: 'http,worker',
    PUBLIC_URL: url,
    LOG_LEVEL: process.env['STORY_LOG_LEVEL'] ?? 'error',
  })
  browser = await chromium.connect(inject('browserEndpoint'))
  server = await starting
  const hall = browser

  const window = async (like: Visitor = {}): Promise<Page> => {
    const context = await hall.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      reducedMotion: 'reduce',
      ...like,
    })
    contexts.push(context)
    context.setDefaultTimeout(20_000)
    const page = await context.newPage()
    page.on('pageerror', (error) => faults.push(`${page.url()} threw: ${error.message}`))
    page.on('response', (answer) => {
      if (answer.status() >= 500) faults.push(`${answer.url()} answered ${answer.status()}`)
    })
    return page
  }
  return {
    url,
    platform: platformSide(sandboxUrl),
    sandbox,
    db: database.db,
    window,
    async console(role) {
      // the guide's and the manager's accounts come with the first reading of the members
      await expect
        .poll(() => database.db.selectFrom('accounts').select('id').where('username', '=', role).execute())
        .toHaveLength(1)
      return openConsole(await window(), url, role)
    },
    phone: async () => openPhone(await window(), sandboxUrl),
    picture: album.keep,
    judged: album.judge,
    judgedAt: album.judgeAt,
  }
}
