import http from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createWeixinClient,
  memoryBudget,
  memoryTokenStore,
  openWeixinCallback,
  openWeixinVerification,
  parseWeixinEvent,
  type WeixinClient,
  type WeixinControl,
  type WeixinEvent,
} from '@nuanyu/wecom'
import { onTestFinished } from 'vitest'
import type { WeixinAccountShown } from '../admin/schema.ts'
import { type Answer, KEYS, type Stage, stage } from '../testing/stage.ts'

export interface WeixinStage extends Stage {
  account(key: 'service' | 'shop'): Promise<WeixinAccountShown>
  client(key: 'service' | 'shop'): Promise<WeixinClient & WeixinControl>
  /** What the accounts were told. */
  told: WeixinEvent[]
  /** Answers of the receiver before it says 200. */
  stumble: ('hang' | 'cut' | number)[]
  /** Bodies that it answers with before it says `success`. */
  answers: ((query: Record<string, string>) => string)[]
  /** An act of a person; throws what the sandbox refuses. */
  act(person: string, path: string, body?: object): Promise<Answer>
}

/** A sandbox whose two accounts call back in safe mode. */
export async function weixinStage(options: Parameters<typeof stage>[0] = {}): Promise<WeixinStage> {
  const base = await stage(options)
  const told: WeixinEvent[] = []
  const stumble: WeixinStage['stumble'] = []
  const answers: WeixinStage['answers'] = []
  const account: WeixinStage['account'] = async (key) => {
    const { accounts } = await base.admin('GET', '/weixin')
    return accounts.find((one: WeixinAccountShown) => one.key === key)
  }
  const server = http.createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://x')
    const query = Object.fromEntries(searchParams)
    if (request.method === 'GET') return void response.end(openWeixinVerification({ token: KEYS.token, query }))
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const how = stumble.shift()
      if (how === 'hang') return
      if (how === 'cut') return void request.socket.destroy()
      const keys = { ...KEYS, appId: searchParams.get('app') ?? '' }
      told.push(parseWeixinEvent(openWeixinCallback({ ...keys, query, body: Buffer.concat(chunks) }).xml))
      response.writeHead(how ?? 200).end(answers.shift()?.(query) ?? 'success')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  const { port } = server.address() as AddressInfo
  for (const key of ['service', 'shop'] as const) {
    const { appId } = await account(key)
    const answer = await base.admin('PUT', `/weixin/${key}/callback`, {
      url: `http://127.0.0.1:${port}/?app=${appId}`,
      ...KEYS,
    })
    if (answer.error !== undefined) throw new Error(answer.error.message)
  }
  return {
    ...base,
    account,
    told,
    stumble,
    answers,
    async client(key) {
      const { appId, secret } = await account(key)
      const [tokens, budget] = [memoryTokenStore(base.sandbox.clock.now), memoryBudget()]
      return createWeixinClient({ baseUrl: `${base.url}/weixin`, appId, appKey: key, secret, tokens, budget })
    },
    async act(person, path, body = {}) {
      const answer = await base.admin('POST', `/people/${person}/${path}`, body)
      await base.sandbox.settled()
      return answer
    },
  }
}
