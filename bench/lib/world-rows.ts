import { leastNumber, markOf, sliceBits } from '../../server/src/domains/audiences/index.ts'
import type { Fill } from './binary-rows.ts'
import { dice } from './customer-generator.ts'
import { behaviours, perChunk, perPerson, shape, skewed, type World } from './world.ts'

const yearsOfOrders = 2
const daysOfEvents = 180
const named = (prefix: string, of: number) => Array.from({ length: of }, (_, n) => Buffer.from(`${prefix}${n}`))
const stores = named('s', shape.stores)
const staff = named('u', shape.staff)
const departments = named('d', shape.departments)
const channels = named('ch', shape.channels)
const products = named('p', shape.products)
const categories = named('c', shape.categories)
const names = behaviours.map((name) => Buffer.from(name))
const [shop, pos, none] = [Buffer.from('shop'), Buffer.from('pos'), Buffer.alloc(0)]

export const people = (corpId: number, { persons }: World): Fill =>
  function* (rows) {
    for (let no = 0; no < persons; no += 1) {
      rows.row(3)
      rows.int8(no + 1)
      rows.int4(corpId)
      rows.int4(no)
      yield
    }
  }

/** Everything that is kept as bits, a chunk of persons at a time. */
export const bits = (corpId: number, world: World): Fill =>
  function* (rows) {
    for (let chunk = 0; chunk * perChunk < world.persons; chunk += 1) {
      for (const [key, mask] of masksOf(world, chunk)) {
        rows.row(4)
        rows.int4(corpId)
        rows.text(Buffer.from(key))
        rows.int4(chunk)
        rows.bits(mask)
        yield
      }
    }
  }

function masksOf(world: World, chunk: number): ReadonlyMap<string, Uint8Array> {
  const random = dice(world.seed * 1_000 + chunk)
  const { today } = world
  const persons = Math.min(world.persons - chunk * perChunk, perChunk)
  const masks = new Map<string, Uint8Array>()
  const maskOf = (key: string) => {
    const mask = masks.get(key) ?? new Uint8Array(perChunk / 8)
    masks.set(key, mask)
    return mask
  }
  const family = (count: number, keyOf: (n: number) => string) => {
    const kept: Uint8Array[] = []
    for (let n = 0; n < count; n += 1) kept.push(maskOf(keyOf(n)))
    return (n: number, person: number) => put(kept[n], person)
  }
  const put = (mask: Uint8Array | undefined, n: number) => {
    if (mask) mask[n >> 3] = (mask[n >> 3] ?? 0) | (128 >> (n & 7))
  }
  const number = (field: string) => {
    const known = maskOf(markOf.known(field))
    const digits = Array.from({ length: sliceBits }, (_, bit) => maskOf(markOf.slice(field, bit)))
    return (value: number, person: number) => {
      put(known, person)
      const above = (value - leastNumber) >>> 0
      for (let bit = 0; bit < sliceBits; bit += 1) if ((above >>> bit) & 1) put(digits[bit], person)
    }
  }
  const one = (key: string) => maskOf(key)
  const tag = family(shape.tags, (n) => markOf.tag(`t${n}`))
  const ruleTag = family(shape.tags, (n) => markOf.tag(`t${n}`, 'rule'))
  const city = family(40, (n) => markOf.choice('city', `city${n}`))
  const stage = family(6, (n) => markOf.stage(`stage${n}`))
  const tier = family(5, (n) => markOf.tier(`tier${n}`))
  const group = family(200, (n) => markOf.group(`g${n}`))
  const states = (['alive', 'ended'] as const).map((state) => ({
    anyone: one(markOf.relation(state, 'anyone', '')),
    department: family(shape.departments, (n) => markOf.relation(state, 'department', `d${n}`)),
    channel: family(shape.channels, (n) => markOf.relation(state, 'channel', `ch${n}`)),
  }))
  const [person, female, male] = [
    one(markOf.person),
    one(markOf.choice('gender', 'f')),
    one(markOf.choice('gender', 'm')),
  ]
  const [follows, left] = [one(markOf.account('oa', 'followed')), one(markOf.account('oa', 'left'))]
  const [opened, listed, held] = [
    one(markOf.account('shop', 'opened')),
    one(markOf.list('list1')),
    one(markOf.audience('audience1')),
  ]
  const [age, birthday, added] = [number('age'), number('birthday'), number('added')]
  for (let n = 0; n < persons; n += 1) {
    put(person, n)
    for (let at = 0; at < perPerson.tags; at += 1) tag(skewed(random(), shape.tags), n)
    if (random() < 0.1) ruleTag(skewed(random(), shape.tags), n)
    put(random() < 0.68 ? female : male, n)
    city(skewed(random(), 40), n)
    stage(skewed(random(), 6), n)
    tier(skewed(random(), 5), n)
    if (random() < 0.3) group(Math.floor(random() * 200), n)
    if (random() < 0.4) put(random() < 0.8 ? follows : left, n)
    if (random() < 0.3) put(opened, n)
    if (random() < 0.05) put(listed, n)
    if (random() < 0.2) put(held, n)
    if (random() < 0.7) age(16 + Math.floor(random() * 60), n)
    if (random() < 0.5) birthday(today - Math.floor((16 + random() * 60) * 365), n)
    added(today - skewed(random(), 3 * 365), n)
    const state = states[random() < 0.88 ? 0 : 1]
    put(state?.anyone, n)
    state?.department(Math.floor(random() * shape.departments), n)
    state?.channel(skewed(random(), shape.channels), n)
  }
  for (const [key, mask] of masks) if (mask.every((byte) => byte === 0)) masks.delete(key)
  return masks
}

export const relations = (corpId: number, { persons, seed, today }: World): Fill =>
  function* (rows) {
    const random = dice(seed * 1_000 + 901)
    for (let no = 0; no < persons; no += 1) {
      const count = random() < perPerson.relations - 1 ? 2 : 1
      const first = Math.floor(random() * shape.staff)
      for (let n = 0; n < count; n += 1) {
        const member = (first + n * 17) % shape.staff
        const since = today - skewed(random(), 3 * 365)
        rows.row(9)
        rows.int4(corpId)
        rows.int4(no >> 16)
        rows.int4(no)
        rows.text(staff[member] ?? none)
        rows.textArray(departments[member % shape.departments] ?? none)
        rows.text(stores[member % shape.stores] ?? none)
        rows.text(channels[skewed(random(), shape.channels)] ?? none)
        rows.int4(since)
        if (random() < 0.12) rows.int4(since + Math.floor(random() * (today - since)))
        else rows.none()
        yield
      }
    }
  }

interface GeneratedOrder {
  id: number
  no: number
  day: number
  /** Of which the first `lines` hold. */
  readonly product: number[]
  readonly amount: number[]
  lines: number
  store: number
  channel: Buffer
}

/** As they come in: by day. A quarter of the persons make most of the orders. It is the same object each time. */
function* eachOrder({ persons, seed, today }: World): Generator<GeneratedOrder> {
  const random = dice(seed * 1_000 + 902)
  const count = Math.round(persons * perPerson.orders)
  const order: GeneratedOrder = {
    id: 0,
    no: 0,
    day: 0,
    product: [0, 0, 0],
    amount: [0, 0, 0],
    lines: 0,
    store: 0,
    channel: shop,
  }
  for (let id = 0; id < count; id += 1) {
    const share = random()
    order.id = id
    order.no = (Math.floor(share * share * persons) * 7_919) % persons
    order.day = today - Math.floor(((count - 1 - id) / count) * yearsOfOrders * 365)
    order.lines = 1 + Math.floor(random() * (perPerson.lines * 2 - 1))
    for (let line = 0; line < order.lines; line += 1) {
      order.product[line] = skewed(random(), shape.products)
      order.amount[line] = 500 + skewed(random(), 50_000)
    }
    order.store = Math.floor(random() * shape.stores)
    order.channel = random() < 0.5 ? shop : pos
    yield order
  }
}

export const orders = (corpId: number, world: World): Fill =>
  function* (rows) {
    for (const { id, no, day, amount, lines, store, channel } of eachOrder(world)) {
      let net = 0
      for (let line = 0; line < lines; line += 1) net += amount[line] ?? 0
      rows.row(8)
      rows.int4(corpId)
      rows.int4(no >> 16)
      rows.int8(id)
      rows.int4(no)
      rows.int4(day)
      rows.int8(net)
      rows.text(stores[store] ?? none)
      rows.text(channel)
      yield
    }
  }

export const lines = (corpId: number, world: World): Fill =>
  function* (rows) {
    for (const order of eachOrder(world)) {
      for (let line = 0; line < order.lines; line += 1) {
        const product = order.product[line] ?? 0
        rows.row(11)
        rows.int4(corpId)
        rows.int4(order.no >> 16)
        rows.int8(order.id)
        rows.int2(line)
        rows.int4(order.no)
        rows.int4(order.day)
        rows.text(products[product] ?? none)
        rows.text(categories[product % shape.categories] ?? none)
        rows.text(stores[order.store] ?? none)
        rows.text(order.channel)
        rows.int8(order.amount[line] ?? 0)
        yield
      }
    }
  }

/** One row a person, day and name, so the same of one day is counted up. */
export const behaviourDays = (corpId: number, { persons, seed, today }: World): Fill =>
  function* (rows) {
    const random = dice(seed * 1_000 + 903)
    const perDay = Math.round((persons * perPerson.events) / daysOfEvents)
    for (let day = today - daysOfEvents + 1; day <= today; day += 1) {
      const times = new Map<number, number>()
      for (let n = 0; n < perDay; n += 1) {
        const share = random()
        const no = (Math.floor(share * share * persons) * 6_007) % persons
        const key = no * behaviours.length + skewed(random(), behaviours.length)
        times.set(key, (times.get(key) ?? 0) + 1)
      }
      for (const [key, count] of times) {
        const no = Math.floor(key / behaviours.length)
        rows.row(6)
        rows.int4(corpId)
        rows.text(names[key % behaviours.length] ?? none)
        rows.int4(day)
        rows.int4(no >> 16)
        rows.int4(no)
        rows.int4(count)
        yield
      }
    }
  }
