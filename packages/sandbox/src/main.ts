import { parseArgs } from 'node:util'
import { allEndpoints, allWeixinEndpoints } from '@nuanyu/wecom'
import { createSandbox, type SandboxOptions } from './sandbox.ts'

const HELP = `nuanyu-sandbox: the WeCom platform's twin, an emulator with people, clock, faults and a phone.

  --port N        where to listen (3001)
  --host H        address to listen on (127.0.0.1)
  --seed TEXT     the same seed makes the same people, ids and stories (demo)
  --people N      customers (320)
  --staff N       members of the corp (48)
  --relations N   follow relations (1.4 times the customers)
  --scenario S    story to start at once: demo-day, shop-day, peak-1111, overload
  --state FILE    keep the state in this file and go on with it at the next start
  --rate N        sandbox seconds per second (1)
  --endpoints     print every endpoint it serves as a JSON line, and stop
  --help          this
`

const OPTIONS = {
  port: { type: 'string', default: '3001' },
  host: { type: 'string', default: '127.0.0.1' },
  seed: { type: 'string' },
  people: { type: 'string' },
  staff: { type: 'string' },
  relations: { type: 'string' },
  scenario: { type: 'string' },
  state: { type: 'string' },
  rate: { type: 'string' },
  endpoints: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** The command `nuanyu-sandbox`. Wrong arguments end it with code 2 and one sentence. */
export async function main(args: string[]): Promise<void> {
  const options = read(args)
  if (options === undefined) return
  if (options.help) {
    process.stdout.write(HELP)
    return
  }
  if (options.endpoints) {
    const weixin = allWeixinEndpoints().map((one) => ({ ...one, group: `weixin.${one.group}`, below: '/weixin' }))
    // whoever reads only the first lines closes the pipe
    process.stdout.on('error', () => process.exit(0))
    for (const { group, name, endpoint, below } of [
      ...allEndpoints().map((one) => ({ ...one, below: '' })),
      ...weixin,
    ]) {
      const { method, doc, repeat, errors, credential, owner, upload } = endpoint
      const path = below + endpoint.path
      const line = { group, name, method, path, doc, repeat, errors, credential, owner, upload }
      process.stdout.write(`${JSON.stringify(line)}\n`)
    }
    return
  }
  await serve(options)
}

type Given = ReturnType<typeof parse>

function parse(args: string[]) {
  return parseArgs({ args, options: OPTIONS, strict: true }).values
}

function read(args: string[]): Given | undefined {
  try {
    return parse(args)
  } catch (error) {
    return complain(error instanceof Error ? error.message : String(error))
  }
}

async function serve(given: Given): Promise<void> {
  const startedMs = performance.now()
  const number = (name: 'port' | 'people' | 'staff' | 'relations' | 'rate') => {
    const text = given[name]
    if (text === undefined) return undefined
    if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
    return complain(`--${name} takes a number, not ${text}`)
  }
  const people = number('people')
  const staff = number('staff')
  const relations = number('relations')
  const rate = number('rate')
  const port = number('port')
  if (process.exitCode !== undefined || port === undefined) return
  const options: SandboxOptions = {
    ...(given.seed === undefined ? {} : { seed: given.seed }),
    ...(people === undefined ? {} : { people }),
    ...(staff === undefined ? {} : { staff }),
    ...(relations === undefined ? {} : { relations }),
    ...(given.scenario === undefined ? {} : { scenario: given.scenario }),
    ...(given.state === undefined ? {} : { stateFile: given.state }),
    ...(rate === undefined ? {} : { clock: { rate } }),
  }
  const sandbox = createSandbox(options)
  const listening = await sandbox.listen({ port, host: given.host }).catch((error: NodeJS.ErrnoException) => {
    return complain(error.code === 'EADDRINUSE' ? `port ${port} is taken: choose another with --port` : error.message)
  })
  if (listening === undefined) return
  const { customers, staff: members, relations: follows, corpId } = sandbox.world
  const ready = {
    url: listening.url,
    corpId,
    staff: members.count,
    customers: customers.count,
    relations: follows.count,
  }
  process.stdout.write(`${JSON.stringify({ ...ready, readyMs: Math.round(performance.now() - startedMs) })}\n`)
  const stop = () => void sandbox.close().then(() => process.exit(0))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

function complain(sentence: string): undefined {
  process.stderr.write(`nuanyu-sandbox: ${sentence}\n`)
  process.exitCode = 2
  return undefined
}
