import { AxeBuilder } from '@axe-core/playwright'
import { launchBrowser } from './browser.ts'

const url = process.env.U ?? 'http://localhost:4710'
const browser = await launchBrowser()
const specs = process.argv.slice(2)
for (const spec of specs) {
  const [name = '', path = '/', w = '1440', mode = '', click = ''] = spec.split('|')
  const ctx = await browser.newContext({
    viewport: { width: Number(w), height: 900 },
    colorScheme: mode.includes('dark') ? 'dark' : 'light',
    reducedMotion: 'reduce',
    timezoneId: 'Asia/Shanghai',
  })
  await ctx.request
    .post(`${url}/api/auth/login`, {
      data: { username: process.env.US ?? 'admin', password: process.env.PW ?? 'nuanyu-demo' },
      headers: { origin: url },
    })
    .then(async (r) => {
      if (!r.ok()) console.log(await r.text())
    })
  await ctx.addInitScript(`localStorage.setItem('nuanyu.language', '${mode.includes('en') ? 'en' : 'zh-CN'}')`)
  const page = await ctx.newPage()
  page.on('pageerror', (e) => console.log(name, 'threw', e.message))
  await page.goto(url + path)
  await page.waitForLoadState('networkidle').catch(() => undefined)
  for (const c of click === '' ? [] : click.split('>>')) {
    await page
      .locator(c)
      .first()
      .click({ timeout: 5000 })
      .catch((e) => console.log(name, c, e.message.slice(0, 200)))
    await page.waitForTimeout(900)
  }
  await page.waitForTimeout(400)
  await page.screenshot({ path: `/tmp/orgshots/${name}.png`, fullPage: true })
  const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  const { violations } = await new AxeBuilder({ page }).analyze()
  const bad = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
  console.log(
    name,
    'wider',
    wide,
    bad
      .map(
        (v) =>
          `${v.id}: ${v.nodes
            .slice(0, 2)
            .map((n) => n.target.join(' '))
            .join(' | ')}`,
      )
      .join('; '),
  )
  await ctx.close()
}
await browser.close()
process.exit(0)
