import { hash } from '../random.ts'
import type { Identity } from './identity.ts'
import { customerGender, customerName } from './names.ts'

/** The people outside the corp. Person n is computed from the seed and n; only what differs is stored. */
export interface Customers {
  readonly count: number
  has(index: number): boolean
  name(index: number): string
  gender(index: number): 0 | 1 | 2
  /** A person of another corp (type 2) instead of a WeChat user (type 1). */
  isWecom(index: number): boolean
  corpName(index: number): string | undefined
  externalUserId(index: number): string
  unionId(index: number): string
  openId(index: number): string
  /** Reads `c123`, an external_userid, a unionid or an openid. */
  indexOf(id: string): number | undefined
  byExternalUserId(id: string): number | undefined
  dump(): CustomersState
  load(state: CustomersState): void
  add(person?: Named): number
}

/** How many there are, and who is not as computed. */
export interface CustomersState {
  readonly count: number
  readonly named: readonly (readonly [number, Named])[]
}

interface Named {
  name?: string
  gender?: 0 | 1 | 2
  wecom?: boolean
}

/** One in so many of the seeded people uses WeCom himself. */
const WECOM_ONE_IN = 120
const OTHER_CORPS = ['云上供应链', '好邻居便利店', '南方冷链物流', '优选食材']

export function createCustomers(seeded: number, seed: number, identity: Identity): Customers {
  const named = new Map<number, Named>()
  let count = seeded
  const has = (index: number) => index >= 0 && index < count
  const isWecom = (index: number) =>
    named.get(index)?.wecom ?? (index < seeded && hash(index, seed + 31) % WECOM_ONE_IN === 0)
  const known = (index: number | undefined) => (index !== undefined && has(index) ? index : undefined)
  const byExternalUserId = (id: string) => {
    const index = known(identity.indexOfExternal(id))
    return index !== undefined && isWecom(index) === id.startsWith('wo') ? index : undefined
  }
  return {
    get count() {
      return count
    },
    has,
    name: (index) => named.get(index)?.name ?? customerName(index, seed + 30),
    gender: (index) => named.get(index)?.gender ?? customerGender(index, seed + 30),
    isWecom,
    corpName: (index) => (isWecom(index) ? OTHER_CORPS[index % OTHER_CORPS.length] : undefined),
    externalUserId: (index) => identity.externalUserId(index, isWecom(index)),
    unionId: identity.unionId,
    openId: identity.openId,
    byExternalUserId,
    indexOf(id) {
      const plain = /^c(\d{1,9})$/.exec(id)?.[1]
      if (plain !== undefined) return known(Number(plain))
      return byExternalUserId(id) ?? known(identity.indexOfUnion(id)) ?? known(identity.indexOfOpen(id))
    },
    dump: () => ({ count, named: [...named] }),
    load(state) {
      count = state.count
      for (const [index, person] of state.named) named.set(index, person)
    },
    add(person = {}) {
      const index = count++
      if (Object.keys(person).length > 0) named.set(index, person)
      return index
    },
  }
}
