import type { Page, Route } from 'playwright-core'
import { campaignShots } from './shots.campaigns.ts'
import { momentShots } from './shots.moments.ts'

/** One page of the console and the states it is photographed in. */
export interface ShotPage {
  name: string
  path: string
  /** The API path whose answer makes the page empty, failing or slow; its empty answer is `{ items: [], next_cursor: null }` unless given. */
  api?: string
  empty?: unknown
  /** Goes from the list at `path` to one of its things: that page is photographed, and `path` only leads there. */
  behind?: (page: Page) => Promise<void>
  /** On the sandbox's port instead of the console's. */
  phone?: boolean
  /** Without a session: the log-in page. */
  anonymous?: boolean
  /** Brings the page into another state (an open drawer, a filled form) after it has loaded. */
  more?: Record<string, (page: Page) => Promise<void>>
}

const none = { today: 0, yesterday_same_time: 0, yesterday: 0 }

/** A day on which nothing has happened yet, for nobody. */
const quietDay = {
  date: '2026-11-22',
  zone: 'Asia/Shanghai',
  as_of: '2026-11-22T01:00:00Z',
  adds: none,
  first_adds: none,
  losses: none,
  staff_deleted: { today: 0 },
  net: none,
  customers_alive: 0,
  welcome: {
    with_code: 0,
    sent: 0,
    refused: 0,
    late: 0,
    unknown: 0,
    no_code: 0,
    not_set: 0,
    delivery: null,
    p50_ms: null,
    p95_ms: null,
    p99_ms: null,
  },
  hours: [],
  channels: [],
  open_tasks: 0,
}

/** A count among three million: estimated at once, the exact one still to come. */
async function estimated(route: Route): Promise<void> {
  const asked: unknown = route.request().postDataJSON()
  if (Reflect.get(Object(asked), 'estimate') !== true) return
  const answer: { leaves: object[] } = await (await route.fetch()).json()
  const rough = { exact: false, count: 1_234_567, of: 3_000_000, low: 1_198_000, high: 1_271_000, people: [] }
  const leaves = answer.leaves.map((leaf) => ({ ...leaf, exact: false, count: 2_345_678 }))
  await route.fulfill({ json: { ...answer, ...rough, leaves } })
}

async function showEstimate(page: Page): Promise<void> {
  await page.route('**/api/audiences/preview', estimated)
  await page.goto(`${page.url()}/edit`)
  await page.locator('[role=status][aria-busy]').first().waitFor()
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
    empty: quietDay,
    more: {
      search: async (page) => {
        await page.keyboard.press('Control+k')
        await page.locator('[role=combobox]').fill('xian')
      },
      account: async (page) => page.locator('header button').last().click(),
      alarms: async (page) => page.locator('header button').nth(2).click(),
      jobs: async (page) => page.locator('header button').nth(1).click(),
      definition: async (page) => page.locator('article button').first().click(),
      table: async (page) => page.locator('figcaption button').first().click(),
    },
  },
  {
    name: 'customers',
    path: '/customers/list',
    api: '/api/customers',
    more: {
      sync: async (page) => page.getByRole('button', { name: /对账报告|Reconcile report/ }).click(),
      detail: async (page) => {
        await page.locator('table button').first().click()
        await page.locator('ol, article').first().waitFor()
      },
      nobody: async (page) => {
        await page.locator('search input').first().fill('没有这个人')
        await page.waitForTimeout(800)
      },
    },
  },
  {
    name: 'known-persons',
    path: '/customers/list?status=none',
    api: '/api/known-persons',
    more: {
      detail: async (page) => {
        await page.locator('tbody tr.ant-table-row button').first().click()
        await page.locator('dl').first().waitFor()
      },
    },
  },
  {
    name: 'customer',
    path: '/customers/list',
    behind: async (page) => {
      await page.locator('table button').first().click()
      await page.waitForURL(/list\/\d+/)
    },
  },
  { name: 'lost', path: '/customers/lost', api: '/api/lost-customers' },
  { name: 'send-settings', path: '/engagement/settings' },
  { name: 'sensitive-words', path: '/content/sensitive-words' },
  {
    name: 'governance',
    path: '/engagement/governance',
    api: '/api/governor/policies',
    empty: { items: [] },
    more: {
      new: async (page) => page.goto(new URL('/engagement/governance?open=new', page.url()).href).then(() => undefined),
      person: async (page) => {
        await page.goto(new URL('/engagement/governance?tab=person&customer=1', page.url()).href)
        await page.locator('dl').first().waitFor()
      },
      nobody: async (page) =>
        page.goto(new URL('/engagement/governance?tab=person', page.url()).href).then(() => undefined),
    },
  },
  {
    name: 'audiences',
    path: '/customers/segments',
    api: '/api/audiences',
    empty: { items: [] },
    more: {
      new: async (page) => {
        await page.goto(new URL('/customers/segments/new', page.url()).href)
        await page.locator('fieldset').first().waitFor()
      },
      huge: async (page) => {
        await page.route('**/api/audiences', async (route) => {
          const answer: { items: object[] } = await (await route.fetch()).json()
          const items = answer.items.map((item) => ({ ...item, size: 3_000_000, of: 3_000_000, drift: 128.4 }))
          await route.fulfill({ json: { ...answer, items } })
        })
        await page.reload()
      },
    },
  },
  {
    name: 'audience',
    path: '/customers/segments',
    behind: async (page) => {
      await page.locator('tbody tr.ant-table-row').first().locator('a, button').first().click()
      await page.waitForURL(/segments\/[\da-f-]+/)
    },
    more: {
      why: async (page) => page.locator('tbody tr.ant-table-row button').first().click(),
      history: async (page) => page.locator('[role=tab]').nth(1).click(),
      overlap: async (page) => page.locator('[role=tab]').nth(2).click(),
      versions: async (page) => page.locator('[role=tab]').last().click(),
      edit: async (page) => {
        await page.goto(`${page.url()}/edit`)
        await page.locator('[role=status][aria-busy=false]').first().waitFor()
      },
      estimate: showEstimate,
      'estimate-768': async (page) => {
        await page.setViewportSize({ width: 768, height: 1024 })
        await showEstimate(page)
      },
      'estimate-768-en': async (page) => {
        await page.setViewportSize({ width: 768, height: 1024 })
        await page.addInitScript(`localStorage.setItem('nuanyu.language', 'en')`)
        await showEstimate(page)
      },
    },
  },
  {
    name: 'duplicates',
    path: '/customers/duplicates',
    api: '/api/person-conflicts',
    more: {
      merges: async (page) => page.locator('[role=tab]').nth(2).click(),
      kinds: async (page) => page.locator('[role=tab]').last().click(),
      dialog: async (page) => page.getByRole('button', { name: /手动合并|Merge by hand/ }).click(),
    },
  },
  {
    name: 'tags',
    path: '/customers/tags',
    api: '/api/tags',
    empty: { groups: [], counted_at: null, used: 0, most: 10_000, name_chars: 30 },
    more: { create: async (page) => page.getByRole('button', { name: /新建标签组|New tag group/ }).click() },
  },
  {
    name: 'tag-differences',
    path: '/customers/tags/differences',
    api: '/api/tag-sync',
    empty: { checked_at: null, catalogue: [], marks: 0, waiting: 0, refused: 0, running: null, last: null },
  },
  {
    name: 'groups',
    path: '/groups/list',
    api: '/api/groups',
    more: {
      group: async (page) => {
        await page.locator('tbody tr.ant-table-row button').first().click()
        await page.locator('[role=dialog] table').first().waitFor()
      },
      leavers: async (page) => {
        await page.locator('tbody tr.ant-table-row button').first().click()
        await page.locator('[role=dialog] .ant-segmented-item').nth(2).click()
      },
    },
  },
  {
    name: 'app-messages',
    path: '/engagement/app-messages',
    api: '/api/app-messages',
    more: { words: async (page) => page.locator('[role=tab]').last().click() },
  },
  {
    name: 'imports',
    path: '/commerce/imports',
    api: '/api/imports',
    more: { new: async (page) => page.goto(`${page.url()}/new`).then(() => undefined) },
  },
  {
    name: 'import',
    path: '/commerce/imports',
    behind: async (page) => {
      await page.locator('tbody tr.ant-table-row').last().locator('a, button').first().click()
      await page.waitForURL(/imports\/[\da-f-]+/)
    },
  },
  {
    name: 'exports',
    path: '/commerce/exports',
    api: '/api/exports',
    more: {
      decide: async (page) => page.locator('tbody tr.ant-table-row button').first().click(),
      ready: async (page) => page.locator('tbody tr.ant-table-row button').last().click(),
    },
  },
  {
    name: 'connectors',
    path: '/commerce/connectors',
    api: '/api/connectors',
    empty: { items: [] },
    more: {
      one: async (page) => page.locator('tbody tr.ant-table-row button').first().click(),
      new: async (page) => page.locator('header button.ant-btn-primary').last().click(),
    },
  },
  {
    name: 'orders',
    path: '/commerce/orders',
    api: '/api/orders',
    more: {
      order: async (page) => {
        await page.locator('tbody tr.ant-table-row button').first().click()
        await page.locator('[role=dialog] table').waitFor()
      },
      refunded: async (page) => page.goto(`${page.url()}?status=part_refunded`).then(() => undefined),
      customer: async (page) => {
        await page.locator('tbody tr.ant-table-row button').first().click()
        await page.locator('[role=dialog] dl a').first().click()
        await page.locator('ol, article').first().waitFor()
      },
    },
  },
  {
    name: 'products',
    path: '/content/products',
    api: '/api/products',
    more: { product: async (page) => page.locator('tbody tr.ant-table-row button').first().click() },
  },
  {
    name: 'keys',
    path: '/settings/open-api',
    api: '/api/keys',
    more: {
      new: async (page) => page.locator('header button.ant-btn-primary').last().click(),
      made: async (page) => {
        await page.locator('header button.ant-btn-primary').last().click()
        await page.locator('[role=dialog] input').first().fill('收银系统')
        await page.locator('[role=dialog] button[type=submit]').click()
        await page.locator('[role=dialog] code').waitFor()
      },
      key: async (page) => page.locator('tbody tr.ant-table-row button').first().click(),
    },
  },
  {
    name: 'fields',
    path: '/customers/fields',
    api: '/api/custom-fields',
    empty: { items: [] },
    more: {
      new: async (page) => page.locator('header button.ant-btn-primary').last().click(),
      choices: async (page) => {
        await page.goto(`${page.url()}?open=new`)
        await page.locator('[role=dialog] input').first().fill('肤质')
        await page.locator('[role=dialog] [role=combobox]').first().click()
        await page.locator('.ant-select-item-option').nth(3).click()
        await page.locator('[role=dialog] [role=combobox]').nth(1).fill('油性')
        await page.keyboard.press('Enter')
      },
    },
  },
  {
    name: 'life-cycle',
    path: '/customers/life-cycle',
    api: '/api/life-cycle/figures',
    empty: { version: 1, computed_at: null, days: 90, persons: 0, stages: [] },
    more: {
      edit: async (page) => {
        await page.goto(`${page.url()}?open=edit`)
        await page.locator('[role=dialog] section').first().waitFor()
      },
      preview: async (page) => {
        await page.goto(`${page.url()}?open=edit`)
        await page.locator('[role=dialog] section .anticon-delete').first().click()
        await page.getByRole('button', { name: /看会影响多少人|How many would move/ }).click()
        await page.locator('[role=dialog] [role=status]').first().waitFor()
      },
    },
  },
  {
    name: 'rfm',
    path: '/customers/rfm',
    api: '/api/rfm',
    empty: { snapshot: null, cells: [], tiers: [] },
    more: {
      money: async (page) => page.goto(`${page.url()}?axis=m`).then(() => undefined),
      table: async (page) => page.getByRole('button', { name: /看表格|Show as a table/ }).click(),
      definition: async (page) => page.locator('section .ant-btn:has(.anticon-info-circle)').first().click(),
      tiers: async (page) => page.goto(`${page.url()}?open=tiers`).then(() => undefined),
      buyers: async (page) => page.locator('table .ant-btn-link').first().click(),
    },
  },
  {
    name: 'guide',
    path: '/settings/connect',
    api: '/api/guide',
    more: {
      callback: async (page) => page.locator('ol button[aria-expanded]').nth(2).click(),
      accounts: async (page) => page.locator('[role=tab]').nth(1).click(),
      doctor: async (page) => {
        await page.locator('[role=tab]').last().click()
        await page.locator('header button.ant-btn-primary').last().click()
        await page.locator('[role=status]').first().waitFor()
      },
    },
  },
  {
    name: 'staff',
    path: '/organisation/staff',
    api: '/api/staff',
    more: { member: async (page) => page.locator('tbody tr.ant-table-row button').first().click() },
  },
  {
    name: 'stores',
    path: '/organisation/stores',
    api: '/api/stores',
    more: {
      store: async (page) => page.locator('tbody tr.ant-table-row button').first().click(),
      manager: async (page) => {
        await page.locator('tbody tr.ant-table-row button').first().click()
        await page.locator('.ant-drawer fieldset button').last().click()
        await page.locator('[role=dialog] .ant-checkbox-wrapper').first().waitFor()
      },
      import: async (page) => page.locator('header button.ant-btn-primary').last().click(),
    },
  },
  {
    name: 'welcomes',
    path: '/acquisition/welcomes',
    api: '/api/welcomes',
    more: {
      new: async (page) => page.locator('header button.ant-btn-primary').last().click(),
      edit: async (page) => page.locator('tbody tr.ant-table-row button').first().click(),
    },
  },
  { name: 'limits', path: '/settings/limits', api: '/api/limits' },
  {
    name: 'callbacks',
    path: '/settings/callbacks',
    api: '/api/callbacks',
    more: {
      detail: async (page) => page.locator('table button').first().click(),
      columns: async (page) => page.locator('section button').nth(1).click(),
      filtered: async (page) => {
        await page.locator('search input').first().fill('nobody-has-this-id')
        await page.waitForTimeout(800)
      },
    },
  },
  { name: 'status', path: '/settings/status' },
  {
    name: 'accounts',
    path: '/organisation/roles',
    api: '/api/accounts',
    more: {
      roles: async (page) => page.locator('[role=tab]').last().click(),
      new: async (page) => page.locator('header button.ant-btn-primary').last().click(),
      store: async (page) => {
        await page.locator('header button.ant-btn-primary').last().click()
        await page.locator('.ant-drawer [role=combobox]').first().click()
        await page.keyboard.press('ArrowDown')
        await page.keyboard.press('Enter')
      },
      edit: async (page) => page.locator('tbody tr.ant-table-row button').first().click(),
    },
  },
  {
    name: 'audit',
    path: '/settings/audit',
    api: '/api/audit',
    more: {
      whole: async (page) => {
        await page.locator('h1 ~ *, header').locator('button:has(.anticon-safety-certificate)').click()
        await page.locator('.ant-alert-success').waitFor()
      },
      entry: async (page) => page.locator('tbody tr.ant-table-row button').first().click(),
    },
  },
  {
    name: 'account',
    path: '/account',
    api: '/api/auth/sessions',
    empty: { items: [] },
    more: {
      'new-password': async (page) => {
        // as the server answers a session whose demo password is due
        await page.route('**/api/auth/me', async (route) => {
          const answer = await route.fetch()
          const session: unknown = await answer.json()
          const account = { ...Object(Reflect.get(Object(session), 'account')), must_change_password: true }
          await route.fulfill({ json: { ...Object(session), account } })
        })
        await page.goto(new URL('/password', page.url()).href)
      },
    },
  },
  {
    name: 'channels',
    path: '/acquisition/channels',
    api: '/api/channels',
    empty: { items: [], next_cursor: null, groups: [], as_of: '2026-11-22T01:00:00Z' },
    more: {
      detail: async (page) => {
        await page.locator('table button').first().click()
        await page.locator('article').first().waitFor()
      },
      more: async (page) => page.locator('header button').last().focus(),
      bulk: async (page) => page.goto(`${page.url()}?bulk=new`).then(() => page.locator('[role=dialog]').waitFor()),
    },
  },
  {
    name: 'channel',
    path: '/acquisition/channels',
    behind: async (page) => {
      await page.locator('table button').first().click()
      await page.waitForURL(/channels\/[\da-f-]{36}/)
    },
    more: { edit: async (page) => page.goto(`${page.url()}/edit`).then(() => undefined) },
  },
  {
    name: 'channel-new',
    path: '/acquisition/channels/new',
    more: {
      required: async (page) => page.locator('button.ant-btn-primary').last().click(),
      staff: async (page) => {
        await page.locator('input').first().fill('双十一包裹卡')
        await page.locator('.ant-radio-wrapper').nth(1).click()
        await page.locator('button.ant-btn-primary').last().click()
        await page.locator('fieldset button').first().click()
        await page.locator('[role=dialog] .ant-checkbox-wrapper').first().click()
        await page.locator('[role=dialog] .ant-checkbox-wrapper').nth(1).click()
        await page.locator('[role=dialog] .ant-btn-primary').click()
      },
    },
  },
  ...campaignShots,
  ...momentShots,
  { name: 'capacity', path: '/acquisition/channels/capacity', api: '/api/capacity' },
  { name: 'orphans', path: '/acquisition/channels/orphans', api: '/api/channels/orphans' },
  { name: 'phone', path: '/', phone: true, anonymous: true },
  { name: 'not-found', path: '/no/such/page' },
]
