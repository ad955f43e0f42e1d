// How fast is a world of this size ready, and how many pages of a hundred customers does it serve a second?
// node packages/sandbox/bench/pages.mjs [--people 3000000] [--relations 4200000] [--staff 8000] [--seconds 8]
import { Agent, request } from 'node:http'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { startSandbox } from './start.mjs'

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '3000000' },
    relations: { type: 'string', default: '4200000' },
    staff: { type: 'string', default: '8000' },
    seconds: { type: 'string', default: '8' },
  },
})
const { people, relations, staff } = values
const sandbox = await startSandbox(['--people', people, '--relations', relations, '--staff', staff])
const { url, readyMs } = sandbox

const get = async (path) => (await fetch(url + path)).json()
const { corps } = await get('/sandbox/corps')
const app = corps[0].apps.find((one) => one.appKey === 'nuanyu')
// All checks but the frequency limit: the platform's own is 10,000 pages a minute.
await fetch(`${url}/sandbox/settings`, { method: 'PATCH', body: JSON.stringify({ limits: { frequency: false } }) })
const { access_token: token } = await get(`/cgi-bin/gettoken?corpid=${corps[0].corpId}&corpsecret=${app.secret}`)
const { follow_user: members } = await get(`/cgi-bin/externalcontact/get_follow_user_list?access_token=${token}`)

const agent = new Agent({ keepAlive: true, maxSockets: 8 })
const page = (body) =>
  new Promise((resolve, reject) => {
    const path = `${url}/cgi-bin/externalcontact/batch/get_by_user?access_token=${token}`
    const call = request(path, { method: 'POST', agent }, (answer) => {
      const chunks = []
      answer.on('data', (chunk) => chunks.push(chunk))
      answer.on('end', () => resolve(Buffer.concat(chunks)))
    })
    call.on('error', reject)
    call.end(JSON.stringify(body))
  })

const startedMs = performance.now()
const endMs = startedMs + Number(values.seconds) * 1000
let next = 0
let pages = 0
let bytes = 0
async function read() {
  while (performance.now() < endMs) {
    const userid_list = members.slice(next, next + 50)
    next = (next + 50) % members.length
    for (let cursor = ''; performance.now() < endMs; ) {
      const answer = await page({ userid_list, cursor, limit: 100 })
      const end = /"next_cursor":"([^"]*)"\}$/.exec(answer.toString('latin1', answer.length - 100))
      if (end === null) throw new Error(answer.toString())
      pages++
      bytes += answer.length
      cursor = end[1]
      if (cursor === '') break
    }
  }
}
await Promise.all(Array.from({ length: 8 }, read))
const seconds = (performance.now() - startedMs) / 1000
const figures = {
  ready_ms: readyMs,
  pages_per_s: Math.round(pages / seconds),
  page_kb: Math.round(bytes / pages / 1024),
  peak_mb: sandbox.peakMb(),
}
await sandbox.stop()
const ok = figures.ready_ms <= 5000 && figures.pages_per_s >= 500 && figures.peak_mb <= 1024
const machine = `${cpus().length} × ${cpus()[0]?.model}`
console.log(JSON.stringify({ bench: 'sandbox-pages', ok, machine, config: { people, relations, staff }, figures }))
