// Does the sandbox itself keep up with a scenario? A receiver decrypts each callback and welcomes at once.
// node packages/sandbox/bench/load.mjs [--scenario peak-1111] [--seconds 20] [--rate 8000] [--receiver welcome|ack]
// `ack` only answers 200: then it is the delivery of callbacks alone that is measured.
import { Agent, createServer, request } from 'node:http'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { openCallback, openVerification, parseEvent } from '@nuanyu/wecom'
import { startSandbox } from './start.mjs'

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'peak-1111' },
    seconds: { type: 'string', default: '20' },
    rate: { type: 'string' },
    receiver: { type: 'string', default: 'welcome' },
  },
})
const sandbox = await startSandbox(['--staff', '400'])
async function json(method, path, body) {
  const answer = await fetch(sandbox.url + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const value = await answer.json()
  if (value.error !== undefined || (value.errcode ?? 0) !== 0) throw new Error(JSON.stringify(value))
  return value
}
const { corps } = await json('GET', '/sandbox/corps')
const [{ corpId, apps }] = corps
const keys = { token: 'QDG6eK', aesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C', receiveId: corpId }
const { access_token: token } = await json('GET', `/cgi-bin/gettoken?corpid=${corpId}&corpsecret=${apps[0].secret}`)
const { follow_user: members } = await json(
  'GET',
  `/cgi-bin/externalcontact/get_follow_user_list?access_token=${token}`,
)
for (let n = 0; n < 4; n++) {
  await json('POST', `/cgi-bin/externalcontact/add_contact_way?access_token=${token}`, {
    type: 2,
    scene: 2,
    state: `s${n}`,
    user: members.slice(n * 100, n * 100 + 100),
  })
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })
function welcome(code) {
  const path = `${sandbox.url}/cgi-bin/externalcontact/send_welcome_msg?access_token=${token}`
  const call = request(path, { method: 'POST', agent }, (answer) => answer.resume())
  call.on('error', (error) => console.error(error.message))
  call.end(JSON.stringify({ welcome_code: code, text: { content: '欢迎来到鲜果连锁' } }))
}
const receiver = createServer((call, answer) => {
  const query = Object.fromEntries(new URL(call.url, 'http://x').searchParams)
  if (call.method === 'GET') {
    answer.end(openVerification({ ...keys, query }))
    return
  }
  const chunks = []
  call.on('data', (chunk) => chunks.push(chunk))
  call.on('end', () => {
    answer.end()
    if (values.receiver === 'ack') return
    const event = parseEvent(openCallback({ ...keys, query, body: Buffer.concat(chunks) }).xml)
    if (event.kind === 'customer.added' && event.welcomeCode !== undefined) welcome(event.welcomeCode)
  })
})
await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve))
const { token: callbackToken, aesKey } = keys
const url = `http://127.0.0.1:${receiver.address().port}/`
await json('PUT', `/sandbox/corps/${corpId}/apps/nuanyu/callback`, { url, token: callbackToken, aesKey })

const seconds = Number(values.seconds)
const startedMs = performance.now()
const rate = values.rate === undefined ? {} : { addsPerMinute: Number(values.rate) }
await json('POST', `/sandbox/scenarios/${values.scenario}/start`, { durationS: seconds, ...rate })
let summary
do {
  await new Promise((resolve) => setTimeout(resolve, 100))
  const { scenarios } = await json('GET', '/sandbox/scenarios')
  if (scenarios.some((one) => one.running)) continue
  summary = await json('GET', '/sandbox/oracle/summary')
} while (summary === undefined || summary.callbacks.inFlight > 0)
const elapsed = (performance.now() - startedMs) / 1000
// The last welcomes are on their way.
await new Promise((resolve) => setTimeout(resolve, 500))
summary = await json('GET', '/sandbox/oracle/summary')
const figures = {
  adds: summary.adds.total,
  welcomes: summary.welcomes,
  scan_to_welcome_ms: summary.latencyMs.scanToWelcome,
  callbacks: summary.callbacks,
  acknowledged_per_s: Math.round(summary.callbacks.acknowledged / elapsed),
  limit_errors: summary.calls.limitErrors,
  peak_mb: sandbox.peakMb(),
}
await sandbox.stop()
const reached = values.receiver === 'ack' ? figures.callbacks.acknowledged : figures.welcomes.sent
const ok = reached === figures.adds && figures.welcomes.duplicates === 0
const machine = `${cpus().length} × ${cpus()[0]?.model}`
console.log(JSON.stringify({ bench: 'sandbox-load', ok, machine, config: { ...values }, figures }))
process.exit()
