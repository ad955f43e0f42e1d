import { chromium } from 'playwright-core'
import chromiumBin from '@sparticuz/chromium'
const base = 'http://localhost:3970'
const browser = await chromium.launch({ executablePath: await chromiumBin.executablePath(), args: chromiumBin.args, headless: true })
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })
const page = await context.newPage()
page.on('console', (m) => { if (m.type() === 'error') console.log('console', m.text().slice(0, 300)) })
await page.goto(base + '/login')
await page.locator('input[autocomplete=username]').fill('admin')
await page.locator('input[type=password]').fill('nuanyu-demo')
await page.locator('button[type=submit]').click()
await page.waitForURL((u) => !u.pathname.includes('login'))
const shot = async (name: string, path: string, w = 1440, act?: () => Promise<void>) => { await page.setViewportSize({ width: w, height: w < 600 ? 844 : 900 }); if (path) await page.goto(base + path); await page.waitForTimeout(1200); await act?.(); await page.waitForTimeout(500); await page.screenshot({ path: `/tmp/shots/${name}.png` }) }
const only = process.argv.slice(2)
const run = async (name: string, ...rest: any[]) => { if (only.length === 0 || only.includes(name)) await (shot as any)(name, ...rest) }
const first = async () => { const r = await page.request.get(base + '/api/customers?limit=1'); return (await r.json()).items[0].id }
const id = process.env.ID ?? await first()
await run('list', '/customers/list')
await run('list768', '/customers/list', 768)
await run('list390', '/customers/list', 390)
await run('sync', '/customers/list?open=sync')
await run('detail', `/customers/list/${id}`)
await run('detail768', `/customers/list/${id}`, 768)
await run('why', `/customers/list/${id}`, 1440, async () => { await page.getByRole('button', { name: '为什么是这条欢迎语' }).first().click() })
await run('filtered', '/customers/list?q=wang&status=alive')
await page.emulateMedia({ colorScheme: 'dark' })
await run('dark', '/customers/list')
await run('darkdetail', `/customers/list/${id}`)
await browser.close()
