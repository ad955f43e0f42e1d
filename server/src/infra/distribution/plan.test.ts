import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Placement, placements } from '../db/placement.ts'
import { inOrderOfKeys, type Laid, lies, planOf, type Step } from './plan.ts'

const onCoordinator = (table: string): Laid => ({ table, where: 'local', column: undefined, group: undefined })

const some: Record<string, Placement> = {
  events: { kind: 'customer', column: 'customer_id' },
  orders: { kind: 'customer', column: 'customer_id' },
  effects: { kind: 'key', column: 'key' },
  welcome_sends: { kind: 'key', column: 'effect_key', beside: 'effects' },
  tags: { kind: 'reference' },
  due: { kind: 'local' },
}

/** What Citus makes of a step: a table gets the group of the one it is put beside, or one of its own. */
function after(laid: readonly Laid[], steps: readonly Step[]): Laid[] {
  const now = new Map(laid.map((one) => [one.table, one]))
  steps.forEach(({ table, to }, at) => {
    if (to.kind === 'distributed') {
      const group = to.beside === undefined ? 1_000 + at : now.get(to.beside)?.group
      now.set(table, { table, where: 'distributed', column: to.column, group })
    } else now.set(table, { table, where: to.kind, column: undefined, group: undefined })
  })
  return [...now.values()]
}

describe('the plan of distribution', () => {
  it('puts the first of a group before those beside it, and leaves alone what is local', () => {
    const steps = planOf(some, Object.keys(some).map(onCoordinator), ['welcome_sends', 'orders', ...Object.keys(some)])
    const names = steps.map((step) => step.table)
    expect(names).not.toContain('due')
    expect(names.indexOf('events')).toBeLessThan(names.indexOf('orders'))
    expect(names.indexOf('effects')).toBeLessThan(names.indexOf('welcome_sends'))
    expect(names[0]).toBe('tags')
  })

  it('has nothing to do when all lies as declared, and goes on where it was interrupted', () => {
    const tables = Object.keys(placements)
    const start = tables.map(onCoordinator)
    const steps = planOf(placements, start, tables)
    expect(planOf(placements, after(start, steps), tables)).toEqual([])
    fc.assert(
      fc.property(fc.nat({ max: steps.length }), (done) => {
        const half = after(start, steps.slice(0, done))
        expect(planOf(placements, half, tables)).toEqual(steps.slice(done))
      }),
    )
  })

  it('takes back first what lies elsewhere than declared', () => {
    const laid = Object.keys(some)
      .map(onCoordinator)
      .with(5, { ...onCoordinator('due'), where: 'reference' })
    const due = planOf(some, laid, Object.keys(some)).find((step) => step.table === 'due')
    expect(due).toEqual({ table: 'due', comeBack: true, to: { kind: 'local' } })
    const wrong: Laid = { table: 'orders', where: 'distributed', column: 'corp_id', group: 4 }
    expect(planOf(some, [onCoordinator('events'), wrong], ['events', 'orders']).at(-1)).toMatchObject({
      table: 'orders',
      comeBack: true,
    })
  })

  it('holds a table for misplaced that is not beside its group', () => {
    const at = (table: string): Laid => ({
      table,
      where: 'distributed',
      column: some[table] && 'id',
      group: table === 'events' ? 1 : 2,
    })
    const orders: Laid = { table: 'orders', where: 'distributed', column: 'customer_id', group: 2 }
    const placement: Placement = { kind: 'customer', column: 'customer_id' }
    expect(lies(orders, placement, at)).toBe(false)
    expect(lies({ ...orders, group: 1 }, placement, at)).toBe(true)
  })

  it('brings tables after those they point to, even where keys go round in a circle', () => {
    const keys = [
      { table: 'sessions', pointsTo: 'accounts' },
      { table: 'accounts', pointsTo: 'corps' },
      { table: 'accounts', pointsTo: 'accounts' },
    ]
    expect(inOrderOfKeys(['sessions', 'accounts', 'corps'], keys)).toEqual(['corps', 'accounts', 'sessions'])
  })
})
