import type { IdMaker } from '../world/ids.ts'

/** A code with a scene of an Official Account. */
export interface Scene {
  readonly ticket: string
  readonly account: string
  /** Number or text; as text here. */
  readonly scene: string
  readonly isText: boolean
  readonly permanent: boolean
  /** What the picture holds. */
  readonly url: string
  readonly createdMs: number
  /** Milliseconds; permanent codes never end. */
  readonly expiresMs: number | null
}

export interface Scenes {
  add(scene: Omit<Scene, 'ticket' | 'url'>): Scene
  /** The permanent code of a scene is the same again. */
  permanent(account: string, scene: string, isText: boolean): Scene | undefined
  permanentCount(account: string): number
  /** By ticket, by what the picture holds, or by the picture's address. */
  read(content: string): Scene | undefined
  all(): readonly Scene[]
  dump(): readonly Scene[]
  load(state: readonly Scene[]): void
}

const URL_START = 'http://weixin.qq.com/q/'
/** Ended temporary codes are forgotten when there are more of them. */
const MOST = 200_000

export function createScenes(newId: IdMaker): Scenes {
  const byTicket = new Map<string, Scene>()
  const byUrl = new Map<string, Scene>()
  const lasting = new Map<string, Scene>()
  const counts = new Map<string, number>()
  const key = (account: string, scene: string, isText: boolean) => `${account} ${isText ? 's' : 'n'} ${scene}`

  const keep = (scene: Scene) => {
    byTicket.set(scene.ticket, scene)
    byUrl.set(scene.url, scene)
    if (!scene.permanent) return
    lasting.set(key(scene.account, scene.scene, scene.isText), scene)
    counts.set(scene.account, (counts.get(scene.account) ?? 0) + 1)
  }
  const forgetEnded = (nowMs: number) => {
    for (const scene of byTicket.values()) {
      if (scene.expiresMs === null || scene.expiresMs > nowMs) continue
      byTicket.delete(scene.ticket)
      byUrl.delete(scene.url)
    }
  }
  return {
    add(given) {
      if (byTicket.size > MOST) forgetEnded(given.createdMs)
      const scene = { ...given, ticket: newId('gQ', 64), url: `${URL_START}${newId('02', 24)}` }
      keep(scene)
      return scene
    },
    permanent: (account, scene, isText) => lasting.get(key(account, scene, isText)),
    permanentCount: (account) => counts.get(account) ?? 0,
    read(content) {
      const ticket = /[?&]ticket=([^&#]+)/.exec(content)?.[1]
      return byTicket.get(ticket === undefined ? content : decodeURIComponent(ticket)) ?? byUrl.get(content)
    },
    all: () => [...byTicket.values()],
    dump: () => [...byTicket.values()],
    load: (state) => state.forEach(keep),
  }
}
