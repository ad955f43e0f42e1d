import { CorpId, ExternalUserId, openCallback, parseEvent, sealCallback, UserId } from '@nuanyu/wecom'
import type { Bench } from './lib/bench.ts'

const limits = { open_parse_per_s: 20_000 }
const keys = { token: 'QDG6eK', aesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C', receiveId: 'ww55ca070cb9b7eb22' }
const different = 2_000

export const bench: Bench = {
  name: 'codec',
  describe: `callbacks opened (signature, AES) and parsed into events per second of one core: ≥ ${limits.open_parse_per_s.toLocaleString('en')}`,

  async run(context) {
    const seconds = context.option('seconds', 5)
    const sealed = Array.from({ length: different }, (_, index) => add(index)).map(({ query, body }) => ({
      ...keys,
      query,
      body: Buffer.from(body),
    }))
    const parse = perSecond(seconds, (index) => {
      const one = sealed[index % different]
      if (one !== undefined) parseEvent(openCallback(one).xml)
    })
    context.say(`opened and parsed ${parse} a second of one core`)
    const seal = perSecond(seconds, add)
    context.say(`wrote and sealed ${seal} a second of one core`)
    return {
      ok: parse >= limits.open_parse_per_s,
      config: { seconds, body_bytes: sealed[0]?.body.length ?? 0, limits },
      figures: { open_parse_per_s: parse, format_seal_per_s: seal },
    }
  },
}

function add(index: number) {
  return sealCallback({
    ...keys,
    timestamp: 1_700_000_000 + index,
    nonce: `nonce-${index}`,
    agentId: 1_000_002,
    event: {
      kind: 'customer.added',
      corpId: CorpId.parse(keys.receiveId),
      createTime: 1_700_000_000 + index,
      userId: UserId.parse(`chenxiaoyu${index}`),
      externalUserId: ExternalUserId.parse(`wmAJ2GCAAAXtWyujaWJHDDGi0m${index}`),
      state: `c${index}`,
      welcomeCode: `CALLBACKCODECALLBACKCODECALLBACKCODE${index}`,
    },
  })
}

/** How many in a second of processor time, garbage collection included; other processes do not count against it. */
function perSecond(seconds: number, once: (index: number) => void): number {
  const runFor = (ms: number) => {
    const started = performance.now()
    const before = process.cpuUsage()
    let count = 0
    while (performance.now() - started < ms) for (let batch = 0; batch < 100; batch += 1) once(count++)
    const { user, system } = process.cpuUsage(before)
    return (count / (user + system)) * 1_000_000
  }
  runFor(1_000)
  return Math.round(runFor(seconds * 1000))
}
