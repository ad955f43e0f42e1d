import { hash, scramble } from '../random.ts'
import { CUSTOMER_DELETED, HALF, MEMBER_DELETED } from './relations.ts'

/** The relations a world starts with, sorted by member, with an index by customer. */
export interface BaseRelations {
  readonly count: number
  readonly staff: Uint16Array
  readonly customer: Uint32Array
  /** Seconds since 1970. */
  readonly created: Uint32Array
  readonly flags: Uint8Array
  /** Rows of member n: from `staffStart[n]` to `staffStart[n + 1]`. */
  readonly staffStart: Uint32Array
  /** Rows of customer n: `byCustomer` from `customerStart[n]` to `customerStart[n + 1]`. */
  readonly customerStart: Uint32Array
  readonly byCustomer: Uint32Array
  addWay(row: number): number
  state(row: number): string
}

export interface SeedSize {
  staff: number
  people: number
  relations: number
}

const TWO_YEARS_S = 2 * 365 * 86_400
/** Chances in a thousand among the seeded relations. */
const CUSTOMER_LEFT = 42
const MEMBER_LEFT = 8
const STILL_HALF = 3

/**
 * Everybody gets one member first, then the rest of the relations go to people drawn at random, so some know several members.
 * Member n's share varies between 0.4 and 1.6 of the mean.
 */
export function seedRelations(size: SeedSize, seed: number, nowS: number): BaseRelations {
  const count = size.staff === 0 ? 0 : Math.min(size.relations, size.staff * size.people)
  const staffStart = shares(size.staff, count, size.people, seed)
  const staff = new Uint16Array(count)
  const customer = new Uint32Array(count)
  const created = new Uint32Array(count)
  const flags = new Uint8Array(count)
  const pick = permutation(count, hash(seed, 21))
  /** The last member (plus one) who took this customer: one member knows a customer once. */
  const takenBy = new Uint16Array(size.people)
  const startS = nowS - TWO_YEARS_S

  for (let member = 0; member < size.staff; member++) {
    const end = staffStart[member + 1] ?? 0
    for (let row = staffStart[member] ?? 0; row < end; row++) {
      const place = pick(row)
      let person = place < size.people ? place : hash(place, seed + 22) % size.people
      while (takenBy[person] === member + 1) person = (person + 1) % size.people
      takenBy[person] = member + 1
      staff[row] = member
      customer[row] = person
      const h = hash(row, seed + 23)
      created[row] = startS + Math.floor((h / 0x1_0000_0000) * (TWO_YEARS_S - 60))
      const fate = hash(row, seed + 24) % 1000
      if (fate < CUSTOMER_LEFT) flags[row] = CUSTOMER_DELETED
      else if (fate < CUSTOMER_LEFT + MEMBER_LEFT) flags[row] = MEMBER_DELETED
      else if (fate < CUSTOMER_LEFT + MEMBER_LEFT + STILL_HALF) flags[row] = HALF
    }
  }
  const { customerStart, byCustomer } = indexByCustomer(customer, size.people)
  return {
    count,
    staff,
    customer,
    created,
    flags,
    staffStart,
    customerStart,
    byCustomer,
    addWay: (row) => ADD_WAYS[hash(row, seed + 25) % ADD_WAYS.length] ?? 0,
    state: (row) =>
      hash(row, seed + 25) % ADD_WAYS.length < 3 ? (STATES[hash(row, seed + 26) % STATES.length] ?? '') : '',
  }
}

/** Ways of adding as they occur; the first three carry a state [92114]. */
const ADD_WAYS = [1, 1, 1, 1, 2, 3, 4, 24]
const STATES = ['old-poster', 'old-counter', 'old-receipt', '']

function shares(staff: number, count: number, people: number, seed: number): Uint32Array {
  const starts = new Uint32Array(staff + 1)
  let total = 0
  const weight = new Float64Array(staff)
  for (let member = 0; member < staff; member++) {
    const w = 0.4 + (hash(member, seed + 20) / 0x1_0000_0000) * 1.2
    weight[member] = w
    total += w
  }
  let sum = 0
  for (let member = 0; member < staff; member++) {
    sum += weight[member] ?? 0
    starts[member + 1] = Math.round((sum / total) * count)
  }
  // Nobody can know more people than there are; what is too much goes to the next member.
  for (let member = 0; member < staff; member++) {
    const start = starts[member] ?? 0
    const left = count - people * (staff - 1 - member)
    starts[member + 1] = Math.max(Math.min(starts[member + 1] ?? 0, start + people), left, start)
  }
  return starts
}

/** A permutation of 0 … count - 1 without a table: the 32-bit one, cut to the next power of two and walked until inside. */
function permutation(count: number, key: number): (value: number) => number {
  const bits = Math.max(2, 2 * Math.ceil(Math.log2(Math.max(2, count)) / 2))
  const half = bits / 2
  const mask = 2 ** half - 1
  if (bits >= 32) return (value) => scramble(value, key)
  return (value) => {
    let v = value
    do {
      let left = v >>> half
      let right = v & mask
      for (let round = 0; round < 3; round++) {
        const next = left ^ (hash(right, key + round) & mask)
        left = right
        right = next
      }
      v = (left << half) | right
    } while (v >= count)
    return v
  }
}

function indexByCustomer(customer: Uint32Array, people: number) {
  const customerStart = new Uint32Array(people + 1)
  for (let row = 0; row < customer.length; row++) {
    const at = (customer[row] ?? 0) + 1
    customerStart[at] = (customerStart[at] ?? 0) + 1
  }
  for (let person = 0; person < people; person++) {
    customerStart[person + 1] = (customerStart[person + 1] ?? 0) + (customerStart[person] ?? 0)
  }
  const next = customerStart.slice(0, people)
  const byCustomer = new Uint32Array(customer.length)
  for (let row = 0; row < customer.length; row++) {
    const person = customer[row] ?? 0
    const at = next[person] ?? 0
    byCustomer[at] = row
    next[person] = at + 1
  }
  return { customerStart, byCustomer }
}
