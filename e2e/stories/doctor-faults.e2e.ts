import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

// the doctor's twenty faults, each made at the platform, found on the page, with the menu path that mends it
const stage = await openStage('doctor-faults')
const { platform } = stage

const settings = (patch: unknown) => platform.patch('/sandbox/settings', patch)
const app = (change: unknown) => settings({ apps: { nuanyu: change } })
const member = (userid: string, change: unknown) => settings({ members: { [userid]: change } })
const refuses = (path: string, errcode: number) =>
  platform.post('/sandbox/faults', { kind: 'errcode', match: { path }, errcode })
const healed = () => fetch(`${platform.url}/sandbox/faults`, { method: 'DELETE' })
const act = (body: unknown) => platform.post('/sandbox/console', body)

let newcomers = 0
async function add(userid = 'chenxiaoyu'): Promise<void> {
  newcomers += 1
  const { id } = await platform.newCustomer(`新客${newcomers}`)
  await platform.post(`/sandbox/people/${id}/add`, { userid })
}

async function check(page: Page): Promise<void> {
  const ran = page.waitForResponse((answer) => answer.url().endsWith('/api/doctor/run'))
  const read = page.waitForResponse((answer) => answer.url().endsWith('/api/doctor'))
  await page.getByRole('button', { name: '重新体检' }).click()
  await ran
  await read
}

const found = new Set<string>()
/** Checks until the finding stands on the page: what callbacks bring takes a moment. */
async function findsOn(page: Page, title: RegExp, path: string | undefined): Promise<void> {
  const article = page.getByRole('article').filter({ has: page.getByRole('heading', { level: 3, name: title }) })
  await expect
    .poll(
      async () => {
        await check(page)
        return article.count()
      },
      { interval: 300, message: String(title) },
    )
    .toBe(1)
  const said = await article.textContent()
  if (path !== undefined) expect(said).toContain(path)
  expect(said).toMatch(/怎么办\S/)
  found.add(String(title))
}

test('twenty faults made at the platform are each found and explained with the menu path to mend them', async () => {
  const admin = await stage.console('admin')
  const { page } = admin
  const finds = (title: RegExp, path: string | undefined) => findsOn(page, title, path)
  await admin.open('/settings/connect?tab=doctor', '接入向导与体检')
  await expect
    .poll(async () => (await stage.db.selectFrom('customer_syncs').select('first_done_at').execute())[0]?.first_done_at)
    .toBeTruthy()
  // the demo brand's codes follow the first sync; the faults of members count where a code names them
  await expect.poll(() => stage.db.selectFrom('channels').select('id').execute()).not.toEqual([])
  await check(page)
  await page.getByText('一切正常').waitFor()
  await stage.judged(page, 'healthy')

  await app({ redirectDomains: ['old.example.com'] })
  await finds(/授权回调域与本系统地址不一致/, '授权回调域')
  await settings({ corp: { developerAccountBound: false } })
  await finds(/读不到客户的 unionid/, '微信开发者ID')
  await member('chenxiaoyu', { active: false })
  await finds(/名员工没有激活企业微信/, '通讯录')
  await member('limin', { followUser: false })
  await finds(/渠道里的员工没有开通客户联系/, '使用范围')
  await stage.judged(page, 'four-faults')
  await settings({
    corp: { developerAccountBound: true },
    apps: { nuanyu: { redirectDomains: [] } },
    members: { chenxiaoyu: null, limin: null },
  })

  await app({ visible: { users: [], departments: [11, 12, 13] } })
  await finds(/渠道里的员工不在应用可见范围内/, '可见范围')
  await app({ visible: { users: [], departments: [1] }, callable: false })
  await finds(/应用不能调用客户联系接口/, '可调用接口的应用')
  await app({ callable: true, enabled: false })
  await finds(/已被停用/, '应用管理')
  await app({ enabled: true })

  for (const [path, errcode, title, where] of [
    ['agent/get', 60020, /不接受来自本服务器 IP/, '企业可信IP'],
    ['agent/get', 43009, /企业还没有完成认证/, '认证'],
    ['externalcontact/get_follow_user_list', 48006, /接口权限已被收回/, '工作台'],
    ['externalcontact/list', 60011, /读不到一部分成员或部门/, '可见范围'],
  ] as const) {
    await refuses(path, errcode)
    await finds(title, where)
    await healed()
  }
  await platform.post('/sandbox/faults', { kind: 'delay', match: { path: 'agent/get' }, delayMs: 20_000 })
  await finds(/连不上企业微信/, undefined)
  await healed()

  await refuses('externalcontact/send_welcome_msg', 41051)
  await add('limin')
  await finds(/条欢迎语被别人抢先发了/, '可调用接口的应用')
  await healed()
  await refuses('externalcontact/send_welcome_msg', 90206)
  await add('limin')
  await finds(/小程序没有关联/, '关联小程序')
  await healed()
  await settings({ corp: { archiveConsentMissing: true } })
  await add('limin')
  await finds(/客户未同意会话存档/, '会话内容存档')
  await settings({ corp: { archiveConsentMissing: false } })
  await member('chenxiaoyu', { consoleWelcome: '你好，我是后台的欢迎语' })
  await add()
  await finds(/管理后台可能配置了欢迎语/, '加客户 > 欢迎语')
  await stage.judged(page, 'console-welcome')
  await member('chenxiaoyu', null)

  await member('fengmin', { realName: false })
  const made = await admin.call('POST', '/api/channels', {
    kind: 'qr',
    name: '新店开业',
    strategy: 'platform',
    members: ['fengmin', 'chenxiaoyu'].map((ref) => ({ kind: 'staff', ref })),
  })
  expect(made.status).toBe(201)
  await finds(/名员工现在不能被客户添加/, '实名认证')
  await act({ do: 'app.inactive_alert', appKey: 'nuanyu', days: 7 })
  await finds(/即将因长期没有成员打开而被停用/, '工作台')
  await platform.post('/sandbox/faults', {
    kind: 'callback_lost',
    match: { event: 'change_external_contact/add_external_contact' },
  })
  await add()
  await platform.advance(120_000)
  await finds(/没有收到添加回调/, '接收外部联系人变更回调')
  await healed()

  await admin.open('/settings/connect?step=callback', '接入向导与体检')
  await page.getByRole('button', { name: '重新生成' }).click()
  await page.getByRole('tooltip').getByRole('button', { name: '重新生成' }).click()
  await page.getByText('只显示这一次').waitFor()
  await stage.judged(page, 'new-keys')
  await act({ do: 'tag_group.create', name: '渠道', tags: ['海报'] })
  await admin.open('/settings/connect?tab=doctor', '接入向导与体检')
  await finds(/的回调解不开/, '设置API接收')

  await refuses('agent/get', 40001)
  await finds(/的 Secret 不被接受/, 'Secret')
  await healed()
  await stage.judged(page, 'wrong-secret')
  expect(found.size).toBeGreaterThanOrEqual(20)
}, 240_000)
