import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

const stage = await openStage('keyboard')

test('the keyboard alone logs in, finds a page by its initials, switches language and mode, and logs out', async () => {
  const page = await stage.window()
  const { keyboard } = page
  await page.goto(`${stage.url}/settings/status`)
  const account = page.getByLabel('账号')
  await account.waitFor()
  await account.focus()
  await keyboard.type('admin')
  await keyboard.press('Tab')
  await keyboard.type('nuanyu-demo')
  await keyboard.press('Enter')
  // back to the page that was asked for before the log-in
  await page.getByRole('heading', { level: 1, name: '系统状态' }).waitFor()

  await keyboard.press('Control+k')
  await page.locator('[role=combobox]:focus').waitFor()
  await keyboard.type('hdrz')
  await page.getByRole('option', { name: /回调日志/ }).waitFor()
  await keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: '回调日志' }).waitFor()

  const me = page.getByRole('button', { name: /^账号：/ })
  await me.focus()
  await keyboard.press('Enter')
  await page.getByRole('menuitemradio', { name: '跟随系统' }).waitFor()
  await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toBe('跟随系统')
  await keyboard.press('ArrowDown')
  await keyboard.press('ArrowDown')
  await keyboard.press('Enter')
  await expect.poll(() => page.evaluate('document.documentElement.dataset.theme')).toBe('dark')
  await stage.judged(page, 'dark')

  await page.getByRole('button', { name: /switch to English/ }).focus()
  await keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Callback log' }).waitFor()
  await expect.poll(() => page.evaluate('document.documentElement.lang')).toBe('en')
  await stage.judged(page, 'english')

  const mine = page.getByRole('button', { name: /^Account:/ })
  await mine.focus()
  await keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Log out' }).waitFor()
  await expect
    .poll(() => page.evaluate('document.activeElement?.role ?? document.activeElement?.getAttribute("role")'))
    .toMatch(/^menuitem/)
  await keyboard.press('End')
  await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toBe('Log out')
  await keyboard.press('Enter')
  await page.getByRole('button', { name: 'Log in', exact: true }).waitFor()
})

test('a session that ended elsewhere leads to the log-in page and back to where the person was', async () => {
  const { page, open } = await stage.console('operator')
  await open('/settings/callbacks?state=dead', '回调日志')
  await page.context().clearCookies()
  await page.getByRole('button', { name: '刷新' }).click()
  await page.getByText('登录已过期').waitFor()
  await page.getByLabel('账号').fill('operator')
  await page.getByLabel('密码', { exact: true }).fill('nuanyu-demo')
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: '回调日志' }).waitFor()
  expect(page.url()).toContain('state=dead')
})
