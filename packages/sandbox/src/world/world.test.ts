import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seedRelations } from './relations.seed.ts'
import { CUSTOMER_DELETED, createRelations, MEMBER_DELETED } from './relations.ts'
import { createWorld } from './world.ts'

const demo = (seed: string) =>
  createWorld({ seed, size: { staff: 48, people: 320, relations: 448 }, nowS: 1_800_000_000 })

test('the same seed makes the same world, another seed another one', () => {
  const [one, same, other] = [demo('a'), demo('a'), demo('b')]
  const people = (world: typeof one) =>
    Array.from({ length: 50 }, (_, n) => world.customers.name(n) + world.customers.externalUserId(n))
  expect(people(one)).toEqual(people(same))
  expect(people(one)).not.toEqual(people(other))
  expect(one.groups.all().map((group) => [group.chatId, group.members.size])).toEqual(
    same.groups.all().map((group) => [group.chatId, group.members.size]),
  )
})

test('the demo brand has regions, stores, readable staff ids, tags of the console and of another app, and groups', () => {
  const world = demo('demo')
  expect(world.staff.at(0)).toMatchObject({ userid: 'chenxiaoyu', name: '陈晓雨' })
  expect(new Set(world.staff.all().map((member) => member.userid)).size).toBe(48)
  expect(world.departments.all().length).toBeGreaterThan(12)
  expect(world.tags.groups().map((group) => group.appKey)).toEqual([null, null, null, 'crm'])
  expect(world.groups.all().length).toBeGreaterThan(5)
})

test('in worlds of any size everybody known is known once by one member, and both indexes agree', () => {
  const sizes = fc.record({
    staff: fc.integer({ min: 1, max: 12 }),
    people: fc.integer({ min: 1, max: 80 }),
    relations: fc.integer({ min: 0, max: 300 }),
  })
  fc.assert(
    fc.property(sizes, fc.nat(), (size, seed) => {
      const base = seedRelations(size, seed, 1_800_000_000)
      const relations = createRelations(base)
      expect(relations.count).toBe(Math.min(size.relations, size.staff * size.people))
      const pairs = new Set<string>()
      for (let staff = 0; staff < size.staff; staff++) {
        for (let at = 0; at < relations.staffRows(staff); at++) {
          const row = relations.staffRow(staff, at)
          expect(relations.staffOf(row)).toBe(staff)
          pairs.add(`${staff} ${relations.customerOf(row)}`)
        }
      }
      expect(pairs.size).toBe(relations.count)
      for (let customer = 0; customer < size.people; customer++) {
        for (const row of relations.ofCustomer(customer)) expect(relations.customerOf(row)).toBe(customer)
      }
    }),
  )
})

test('what a member holds counts all but those he deleted, whatever happens in whatever order', () => {
  const acts = fc.array(fc.tuple(fc.nat(3), fc.nat(9), fc.constantFrom(0, MEMBER_DELETED, CUSTOMER_DELETED)), {
    maxLength: 60,
  })
  fc.assert(
    fc.property(acts, (given) => {
      const relations = createRelations(seedRelations({ staff: 4, people: 6, relations: 10 }, 1, 1_800_000_000))
      for (const [staff, customer, flags] of given) {
        relations.upsert({ staff, customer, createdAt: 1, addWay: 1, state: '', flags })
      }
      let all = 0
      for (let staff = 0; staff < 4; staff++) {
        let held = 0
        for (let at = 0; at < relations.staffRows(staff); at++) {
          if ((relations.flags(relations.staffRow(staff, at)) & MEMBER_DELETED) === 0) held++
        }
        expect(relations.heldByStaff(staff)).toBe(held)
        all += held
      }
      expect(relations.held).toBe(all)
    }),
  )
})
