/** Codes that customers scan: contact ways [92228], join ways [92229], acquisition links [97297]. */
export interface ContactWay {
  readonly configId: string
  readonly appKey: string
  readonly type: 1 | 2
  readonly scene: 1 | 2
  /** What its QR code says. */
  readonly content: string
  readonly createdAt: number
  readonly isTemp: boolean
  readonly isExclusive: boolean
  style: number | undefined
  remark: string
  skipVerify: boolean
  state: string
  users: readonly string[]
  parties: readonly number[]
  expiresIn: number | undefined
  chatExpiresIn: number | undefined
  unionId: string | undefined
  markSource: boolean | undefined
  conclusions: unknown
  /** Temporary ones die with the first friend. */
  used: boolean
}

export interface JoinWay {
  readonly configId: string
  readonly appKey: string
  readonly scene: 1 | 2
  readonly content: string
  readonly createdAt: number
  remark: string
  autoCreateRoom: boolean
  roomBaseName: string
  roomBaseId: number
  chatIds: string[]
  state: string
  markSource: boolean | undefined
}

export interface AcquisitionLink {
  readonly linkId: string
  readonly appKey: string
  readonly url: string
  readonly createdAt: number
  name: string
  users: readonly string[]
  departments: readonly number[]
  skipVerify: boolean
  priority: { type: 1 | 2; users: readonly string[] } | undefined
  markSource: boolean | undefined
  deleted: boolean
  /** Told already that none of its members can be added. */
  unavailable: boolean
}

/** One purchase of link quota; it lapses at midnight of its date. */
export interface LinkQuota {
  expiresAt: number
  balance: number
}

/** All codes of the corp, by id and by what is read from the picture. */
export interface Codes {
  readonly contactWays: Map<string, ContactWay>
  readonly joinWays: Map<string, JoinWay>
  readonly links: Map<string, AcquisitionLink>
  readonly quotas: LinkQuota[]
  /** Relations that came by a link, with the customer's messages so far. */
  readonly cameByLink: Map<number, { linkId: string; messages: number }>
  /** Customers ever gained by links. */
  quotaUsed: number
  /** Contact ways that count against the quota: all but temporary ones. */
  readonly lastingWays: number
  addContactWay(way: ContactWay): void
  removeContactWay(way: ContactWay): void
  addJoinWay(way: JoinWay): void
  removeJoinWay(way: JoinWay): void
  addLink(link: AcquisitionLink): void
  /** Reads a code's content, its picture's address, a link with or without channel, or a bare id. */
  read(content: string): ReadCode | undefined
  dump(): CodesState
  load(state: CodesState): void
}

export interface CodesState {
  readonly contactWays: readonly ContactWay[]
  readonly joinWays: readonly JoinWay[]
  readonly links: readonly AcquisitionLink[]
  readonly quotas: readonly LinkQuota[]
  readonly quotaUsed: number
  readonly cameByLink: readonly (readonly [number, { linkId: string; messages: number }])[]
}

export type ReadCode =
  | { kind: 'contact_way'; way: ContactWay }
  | { kind: 'join_way'; way: JoinWay }
  | { kind: 'link'; link: AcquisitionLink; channel: string }

export function createCodes(): Codes {
  const contactWays = new Map<string, ContactWay>()
  const joinWays = new Map<string, JoinWay>()
  const links = new Map<string, AcquisitionLink>()
  const configOfContent = new Map<string, string>()
  let lasting = 0

  const byConfig = (configId: string): ReadCode | undefined => {
    const way = contactWays.get(configId)
    if (way !== undefined) return { kind: 'contact_way', way }
    const join = joinWays.get(configId)
    return join === undefined ? undefined : { kind: 'join_way', way: join }
  }
  const byLink = (linkId: string, channel: string): ReadCode | undefined => {
    const link = links.get(linkId)
    return link === undefined || link.deleted ? undefined : { kind: 'link', link, channel }
  }
  const codes: Codes = {
    contactWays,
    joinWays,
    links,
    quotas: [],
    cameByLink: new Map(),
    quotaUsed: 0,
    get lastingWays() {
      return lasting
    },
    addContactWay(way) {
      contactWays.set(way.configId, way)
      configOfContent.set(way.content, way.configId)
      if (!way.isTemp) lasting++
    },
    removeContactWay(way) {
      if (!contactWays.delete(way.configId)) return
      configOfContent.delete(way.content)
      if (!way.isTemp) lasting--
    },
    addJoinWay(way) {
      joinWays.set(way.configId, way)
      configOfContent.set(way.content, way.configId)
    },
    removeJoinWay(way) {
      joinWays.delete(way.configId)
      configOfContent.delete(way.content)
    },
    addLink: (link) => void links.set(link.linkId, link),
    read(content) {
      const text = content.trim()
      const config = configOfContent.get(text)
      if (config !== undefined) return byConfig(config)
      const scheme = /^weixin:\/\/biz\/ww\/profile\/(.+)$/.exec(text)?.[1]
      const address = scheme === undefined ? text : decodeURIComponent(scheme)
      const url = URL.canParse(address) ? new URL(address) : undefined
      if (url === undefined) return byConfig(text) ?? byLink(text, '')
      const picture = /^\/qr\/([A-Za-z0-9_-]+)\.(?:png|svg)$/.exec(url.pathname)?.[1]
      if (picture !== undefined) return byConfig(picture)
      const linkId = /^\/ca\/([A-Za-z0-9_-]+)$/.exec(url.pathname)?.[1]
      return linkId === undefined ? undefined : byLink(linkId, url.searchParams.get('customer_channel') ?? '')
    },
    dump: () => ({
      contactWays: [...contactWays.values()],
      joinWays: [...joinWays.values()],
      links: [...links.values()],
      quotas: codes.quotas,
      quotaUsed: codes.quotaUsed,
      cameByLink: [...codes.cameByLink],
    }),
    load(state) {
      for (const way of state.contactWays) codes.addContactWay(way)
      for (const way of state.joinWays) codes.addJoinWay(way)
      for (const link of state.links) codes.addLink(link)
      codes.quotas.splice(0, codes.quotas.length, ...state.quotas)
      codes.quotaUsed = state.quotaUsed
      for (const [row, came] of state.cameByLink) codes.cameByLink.set(row, came)
    },
  }
  return codes
}
