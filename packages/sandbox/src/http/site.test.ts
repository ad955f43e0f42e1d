import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { PNG, stage } from '../testing/stage.ts'

function builtPhone(): string {
  const folder = mkdtempSync(join(tmpdir(), 'phone-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'secret.txt'), 'not the phone')
  const phone = join(folder, 'phone')
  mkdirSync(join(phone, 'assets'), { recursive: true })
  writeFileSync(join(phone, 'index.html'), '<title>手机</title>')
  writeFileSync(join(phone, 'assets', 'app.js'), 'run()')
  return phone
}

/** `fetch` tidies a path before it goes out; this one sends it as it is. */
const rawStatus = (url: string, path: string) =>
  new Promise<number>((resolve, reject) => {
    const { hostname, port } = new URL(url)
    request({ hostname, port, path }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })

test('the phone is served at /, its pages at any path, its files once and for all', async () => {
  const { url } = await stage({ phone: builtPhone() })
  for (const page of ['/', '/people/c1']) expect(await (await fetch(url + page)).text()).toContain('手机')
  const script = await fetch(`${url}/assets/app.js`)
  expect(script.headers.get('content-type')).toContain('javascript')
  expect(script.headers.get('cache-control')).toContain('immutable')
  expect((await fetch(`${url}/assets/none.js`)).status).toBe(404)
})

test('no path leads out of the folder of the phone, and none breaks the sandbox', async () => {
  const { url } = await stage({ phone: builtPhone() })
  for (const path of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/%zz',
    '//',
    '/%00.js',
  ]) {
    expect(await rawStatus(url, path)).not.toBe(500)
    const body = await (await fetch(url + path)).text()
    expect(body).not.toContain('not the phone')
  }
  expect((await fetch(`${url}/sandbox/clock`)).status).toBe(200)
})

test('without a built phone the page says where the sandbox is', async () => {
  const { url } = await stage({ phone: join(tmpdir(), 'no-such-phone') })
  expect(await (await fetch(url)).text()).toContain('/sandbox/corps')
})

test('faces, codes and media are pictures; unknown ones are not found', async () => {
  const { url, call, upload, add } = await stage()
  const { config } = await add()
  const { link } = await call('externalcontact/customer_acquisition/create_link', {
    link_name: 'l',
    range: { user_list: ['chenxiaoyu'] },
  })
  const { media_id } = await upload('media/upload?type=image', PNG)
  const type = async (path: string) => (await fetch(url + path)).headers.get('content-type')
  for (const face of ['c1', 'chenxiaoyu', 'app:nuanyu'])
    expect(await type(`/faces/${face}.svg`)).toContain('image/svg+xml')
  expect(await type(`/qr/${config}.png`)).toBe('image/png')
  expect(await type(`/qr/${link.link_id}.svg`)).toContain('image/svg+xml')
  expect(await type(`/media/${media_id}`)).toBe('image/png')
  for (const path of ['/faces/nobody.svg', '/qr/nothing.png', '/media/nothing', '/wwpic/nothing/0']) {
    expect((await fetch(url + path)).status).toBe(404)
  }
})
