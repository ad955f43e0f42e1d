// What does a campaign cost the sandbox: asking members, sending when they confirm, people who react, results read?
// node packages/sandbox/bench/sends.mjs [--people 3000000] [--relations 4200000] [--staff 8000] [--senders 1600]
import { Agent, request } from 'node:http'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { startSandbox } from './start.mjs'

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '3000000' },
    relations: { type: 'string', default: '4200000' },
    staff: { type: 'string', default: '8000' },
    senders: { type: 'string', default: '1600' },
  },
})
const { people, relations, staff, senders } = values
const sandbox = await startSandbox(['--people', people, '--relations', relations, '--staff', staff])
const { url } = sandbox
const agent = new Agent({ keepAlive: true, maxSockets: 8 })
const ask = (method, path, body) =>
  new Promise((resolve, reject) => {
    const call = request(url + path, { method, agent }, (answer) => {
      const chunks = []
      answer.on('data', (chunk) => chunks.push(chunk))
      answer.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())))
    })
    call.on('error', reject)
    call.end(body === undefined ? undefined : JSON.stringify(body))
  })

const { corps } = await ask('GET', '/sandbox/corps')
const app = corps[0].apps.find((one) => one.appKey === 'nuanyu')
await ask('PATCH', '/sandbox/settings', { limits: { frequency: false }, memberDefaults: { confirms: 'prompt' } })
await ask('POST', '/sandbox/clock', { paused: true })
const { access_token: token } = await ask('GET', `/cgi-bin/gettoken?corpid=${corps[0].corpId}&corpsecret=${app.secret}`)
const call = (name, body) => ask('POST', `/cgi-bin/externalcontact/${name}?access_token=${token}`, body)
const { follow_user } = await ask('GET', `/cgi-bin/externalcontact/get_follow_user_list?access_token=${token}`)
const members = follow_user.slice(0, Number(senders))

const timed = async (work) => {
  const startedMs = performance.now()
  const result = await work()
  return [result, Math.round(performance.now() - startedMs)]
}
const each = async (things, work) => {
  const left = [...things]
  const lane = async () => {
    for (let thing = left.pop(); thing !== undefined; thing = left.pop()) await work(thing)
  }
  await Promise.all(Array.from({ length: 8 }, lane))
}

const made = []
const [, createMs] = await timed(() =>
  each(members, async (sender) => {
    const { errcode, errmsg, msgid } = await call('add_msg_template', { sender, text: { content: '会员日' } })
    if (errcode !== 0 && errcode !== 41048) throw new Error(errmsg)
    if (errcode === 0) made.push({ sender, msgid })
  }),
)
// from night to night, so that everybody has confirmed
const [, confirmMs] = await timed(() => ask('POST', '/sandbox/clock', { advanceMs: 86_400_000 }))
const [, reactMs] = await timed(() => ask('POST', '/sandbox/clock', { advanceMs: 3 * 86_400_000 }))
const { access_token: later } = await ask('GET', `/cgi-bin/gettoken?corpid=${corps[0].corpId}&corpsecret=${app.secret}`)
let sent = 0
let pages = 0
const [, readMs] = await timed(() =>
  each(made, async ({ sender, msgid }) => {
    for (let cursor = ''; ; ) {
      const path = `/cgi-bin/externalcontact/get_groupmsg_send_result?access_token=${later}`
      const answer = await ask('POST', path, { msgid, userid: sender, limit: 1000, cursor })
      pages++
      sent += answer.send_list.filter(({ status }) => status === 1).length
      cursor = answer.next_cursor
      if (cursor === '') break
    }
  }),
)
const figures = {
  tasks: made.length,
  sent,
  creates_per_s: Math.round((made.length * 1000) / createMs),
  confirm_s: Math.round(confirmMs / 100) / 10,
  react_s: Math.round(reactMs / 100) / 10,
  result_pages_per_s: Math.round((pages * 1000) / readMs),
  peak_mb: sandbox.peakMb(),
}
await sandbox.stop()
const ok = figures.sent > 0 && figures.creates_per_s >= 84 && figures.peak_mb <= 1024
const machine = `${cpus().length} × ${cpus()[0]?.model}`
console.log(
  JSON.stringify({ bench: 'sandbox-sends', ok, machine, config: { people, relations, staff, senders }, figures }),
)
