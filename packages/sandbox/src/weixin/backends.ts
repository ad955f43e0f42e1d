import type { OpenedMiniprogram } from '../admin/schema.weixin.ts'
import { createLanes } from '../callbacks/lanes.ts'
import type { Attempt, Poster } from '../callbacks/post.ts'
import type { WeixinAccount } from './accounts.ts'

/** A mini program's own server, which logs in whoever opens it. */
export interface Backends {
  /** What the mini program itself does when it is opened; undefined when it has no server. */
  logIn(account: WeixinAccount, opened: OpenedMiniprogram): Promise<Attempt['result'] | undefined>
  settled(): Promise<void>
}

const TIMEOUT_MS = 5_000

export function createBackends(poster: Poster): Backends {
  const lanes = createLanes(() => ({ order: 'any', concurrency: 64 }))
  return {
    logIn({ backend }, { appId, code, page, query }) {
      if (backend === undefined) return Promise.resolve(undefined)
      const scene = new URLSearchParams(query).get('scene') ?? undefined
      const body = JSON.stringify({ appid: appId, code, page, scene })
      return new Promise((resolve) => {
        lanes.run(appId, async () => {
          const { result } = await poster.post(backend, body, TIMEOUT_MS, { 'content-type': 'application/json' })
          resolve(result)
        })
      })
    },
    settled: lanes.idle,
  }
}
