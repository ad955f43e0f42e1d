import type { Page } from 'playwright-core'

/** One page of the console and the states it is photographed in. */
export interface ShotPage {
  name: string
  path: string
  /** The API path whose answer makes the page empty, failing or slow; its empty answer is `{ items: [], next_cursor: null }` unless given. */
  api?: string
  empty?: unknown
  /** Without a session: the log-in page. */
  anonymous?: boolean
  /** Brings the page into another state (an open drawer, a filled form) after it has loaded. */
  more?: Record<string, (page: Page) => Promise<void>>
}

/** Every page, one entry each. Engineers of a room add their page here; see web/README.md. */
export const shotPages: readonly ShotPage[] = [
  {
    name: 'login',
    path: '/login',
    anonymous: true,
    more: {
      missing: async (page) => page.locator('button[type=submit]').click(),
      refused: async (page) => {
        await page.locator('input[autocomplete=username]').fill('nobody')
        await page.locator('input[type=password]').fill('wrong-password')
        await page.locator('button[type=submit]').click()
        await page.locator('[role=alert]').first().waitFor()
      },
    },
  },
  {
    name: 'today',
    path: '/',
    api: '/api/today',
    more: {
      search: async (page) => {
        await page.keyboard.press('Control+k')
        await page.locator('[role=combobox]').fill('xian')
      },
      account: async (page) => page.locator('header button').last().click(),
    },
  },
  { name: 'limits', path: '/settings/limits', api: '/api/limits' },
  { name: 'callbacks', path: '/settings/callbacks', api: '/api/callbacks' },
  { name: 'status', path: '/settings/status', api: '/healthz' },
  { name: 'not-found', path: '/no/such/page' },
]
