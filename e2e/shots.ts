/**
 * Photographs every page in every state into build/shots, and lets axe judge each.
 *   npm run shots                   all pages
 *   npm run shots -- today login    some of them
 *   SHOTS_LOOKS=390,390-en npm run shots    in some of the looks, without the other states; SHOTS_WHOLE=1: to their end
 * It starts a server of its own with the demo brand; SHOTS_URL (and SHOTS_PHONE_URL) name a running one instead,
 * SHOTS_USER and SHOTS_PASSWORD an account there.
 */
import { mkdir, rm } from 'node:fs/promises'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchBrowser } from './browser.ts'
import { type ShotPage, shotPages } from './shots.pages.ts'
import { openScene } from './shots.server.ts'

interface Look {
  name: string
  width: number
  height: number
  dark?: boolean
  language?: 'en'
}

const looks: readonly Look[] = [
  { name: '1440', width: 1440, height: 900 },
  { name: '1440-dark', width: 1440, height: 900, dark: true },
  { name: '1440-en', width: 1440, height: 900, language: 'en' },
  { name: '768', width: 768, height: 1024 },
  { name: '768-en', width: 768, height: 1024, language: 'en' },
  { name: '390', width: 390, height: 844 },
  { name: '390-en', width: 390, height: 844, language: 'en' },
]
const desktop: Look = { name: '1440', width: 1440, height: 900 }

const folder = new URL('../build/shots/', import.meta.url).pathname
const faults: string[] = []
let taken = 0
let told = 0

async function open(
  browser: Browser,
  look: Look,
  cookies: Awaited<ReturnType<BrowserContext['cookies']>>,
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    colorScheme: look.dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    timezoneId: 'Asia/Shanghai',
    locale: look.language === 'en' ? 'en-GB' : 'zh-CN',
  })
  await context.addCookies(cookies)
  context.setDefaultTimeout(8_000)
  await context.addInitScript(`localStorage.setItem('nuanyu.language', '${look.language ?? 'zh-CN'}')`)
  const page = await context.newPage()
  page.on('pageerror', (error) => faults.push(`${page.url()} threw: ${error.message}`))
  return page
}

function addressOf(shot: ShotPage): string {
  return (shot.phone ? (scene.phoneUrl ?? '') : scene.consoleUrl) + shot.path
}

async function settle(page: Page): Promise<void> {
  await page.locator('#root > *').first().waitFor()
  // pages that follow something keep asking: the net is seldom idle for long
  await page.waitForLoadState('networkidle', { timeout: 1_500 }).catch(() => undefined)
  await page
    .locator('.ant-skeleton, .ant-spin-spinning')
    .first()
    .waitFor({ state: 'detached' })
    .catch(() => undefined)
  await page.evaluate('document.fonts.ready')
}

async function take(page: Page, name: string, judged: boolean): Promise<void> {
  await page.screenshot({
    path: `${folder}${name}.png`,
    fullPage: name.includes('1440') || process.env.SHOTS_WHOLE === '1',
  })
  taken += 1
  const wider: unknown = await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  if (typeof wider === 'number' && wider > 1) faults.push(`${name}: the page is ${wider} px wider than its window`)
  const keys: unknown = await page.evaluate(
    `document.body.innerText.match(/\\b[a-z]+\\.[a-z]+(\\.[a-zA-Z]+)*\\b(?=\\s|$)/gm)`,
  )
  if (Array.isArray(keys) && process.env.SHOTS_KEYS) console.log(`${name}: looks like keys: ${keys.join(' ')}`)
  if (!judged) return
  const { violations } = await new AxeBuilder({ page }).analyze()
  for (const violation of violations) {
    if (violation.impact !== 'serious' && violation.impact !== 'critical') continue
    const where = violation.nodes.slice(0, 3).map((node) => node.target.join(' '))
    faults.push(`${name}: axe ${violation.impact} ${violation.id}: ${violation.help} at ${where.join(' | ')}`)
  }
}

async function photographState(
  browser: Browser,
  shot: ShotPage,
  state: 'empty' | 'error' | 'loading',
  cookies: Awaited<ReturnType<BrowserContext['cookies']>>,
): Promise<void> {
  const page = await open(browser, desktop, cookies)
  await page.route(
    (address) => address.pathname === shot.api,
    async (route) => {
      if (state === 'loading') return
      if (state === 'empty') return route.fulfill({ json: shot.empty ?? { items: [], next_cursor: null } })
      return route.fulfill({
        status: 422,
        json: {
          code: 'rule',
          message: '数据库暂时不可用，列表没有取到。',
          hint: '稍等几秒后重试；回调仍在接收，不会丢失。',
        },
      })
    },
  )
  await page.goto(addressOf(shot), { waitUntil: state === 'loading' ? 'commit' : 'load' })
  if (state === 'loading') await page.waitForTimeout(1200)
  else await settle(page)
  await take(page, `${shot.name}-${state}`, state !== 'loading')
  await page.context().close()
}

async function photograph(
  browser: Browser,
  listed: ShotPage,
  session: Awaited<ReturnType<BrowserContext['cookies']>>,
): Promise<void> {
  const cookies = listed.anonymous ? [] : session
  const shot = await found(browser, listed, cookies)
  for (const look of chosenLooks ?? looks) {
    const page = await open(browser, look, cookies)
    await page.goto(addressOf(shot))
    await settle(page)
    await take(page, `${shot.name}-${look.name}`, true)
    await page.context().close()
  }
  if (chosenLooks !== undefined) return
  if (shot.api && shot.api !== '')
    for (const state of ['empty', 'error', 'loading'] as const) await photographState(browser, shot, state, cookies)
  for (const [name, prepare] of Object.entries(shot.more ?? {})) {
    const page = await open(browser, desktop, cookies)
    await page.goto(addressOf(shot))
    await settle(page)
    try {
      await prepare(page)
    } catch (error) {
      faults.push(`${shot.name}-${name}: ${error instanceof Error ? error.message.split('\n')[0] : error}`)
    }
    // Popovers and drawers come in with a movement of a fifth of a second.
    await page.waitForTimeout(400)
    await settle(page)
    await take(page, `${shot.name}-${name}`, true)
    await page.context().close()
  }
}

/** With the address of the one thing that its list leads to. */
async function found(
  browser: Browser,
  shot: ShotPage,
  cookies: Awaited<ReturnType<BrowserContext['cookies']>>,
): Promise<ShotPage> {
  if (shot.behind === undefined) return shot
  const page = await open(browser, desktop, cookies)
  await page.goto(addressOf(shot))
  await settle(page)
  await shot.behind(page)
  const { pathname, search } = new URL(page.url())
  await page.context().close()
  return { ...shot, path: pathname + search }
}

async function logIn(browser: Browser): Promise<Awaited<ReturnType<BrowserContext['cookies']>>> {
  const context = await browser.newContext()
  const answer = await context.request.post(`${scene.consoleUrl}/api/auth/login`, {
    data: { username: process.env.SHOTS_USER ?? 'admin', password: process.env.SHOTS_PASSWORD ?? 'nuanyu-demo' },
  })
  if (!answer.ok())
    throw new Error(`No log-in at ${scene.consoleUrl} (${answer.status()}): set SHOTS_USER and SHOTS_PASSWORD.`)
  const cookies = await context.cookies()
  await context.close()
  return cookies
}

const wanted = process.argv.slice(2)
const wantedLooks = process.env.SHOTS_LOOKS?.split(',')
const chosenLooks = wantedLooks && looks.filter(({ name }) => wantedLooks.includes(name))
const chosen = shotPages.filter((shot) => wanted.length === 0 || wanted.includes(shot.name))
if (chosen.length === 0)
  throw new Error(`No page is called ${wanted.join(', ')}; there are ${shotPages.map((shot) => shot.name).join(', ')}.`)
if (wanted.length === 0) await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
const scene = await openScene()
// Ctrl-C must not leave a server and its database behind.
process.once('SIGINT', () => void scene.close().finally(() => process.exit(130)))
const browser = await launchBrowser()
try {
  const session = await logIn(browser)
  for (const shot of chosen) {
    if (shot.phone && scene.phoneUrl === undefined) continue
    await photograph(browser, shot, session).catch((error: unknown) => {
      faults.push(`${shot.name} was not photographed to its end: ${error instanceof Error ? error.message : error}`)
    })
    for (const fault of faults.slice(told)) console.error(fault)
    told = faults.length
    console.log(`${shot.name}: done`)
  }
} finally {
  await browser.close()
  await scene.close()
}
console.log(`${taken} pictures in build/shots, ${faults.length} faults`)
if (faults.length > 0) process.exitCode = 1
