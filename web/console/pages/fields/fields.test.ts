import { expect, it } from 'vitest'
import { type CustomField, changesOf, type FieldWithValue, moved } from './fields.ts'

const field = (id: string, archived = false): CustomField => ({
  ...{ id, name: id, kind: 'text', personal: false, choices: [], bounds: {} },
  archived_at: archived ? '2026-11-22T00:00:00Z' : null,
})
const kept = (id: string, value: FieldWithValue['value']): FieldWithValue => ({
  ...field(id),
  ...{ value, masked: false, editable: true, updated_at: null, source: null },
})

it('a field moves one place among those in use, and not beyond them', () => {
  const fields = [field('a'), field('b'), field('c'), field('d', true)]
  expect(moved(fields, 'b', -1)).toEqual(['b', 'a', 'c'])
  expect(moved(fields, 'b', 1)).toEqual(['a', 'c', 'b'])
  expect(moved(fields, 'c', 1)).toBeUndefined()
  expect(moved(fields, 'a', -1)).toBeUndefined()
})

it('only what changed is sent; emptied values are taken away', () => {
  const items = [kept('a', 'x'), kept('b', ['1']), kept('c', null), kept('d', 3)]
  expect(changesOf(items, { a: 'x', b: [], c: '', d: 4 })).toEqual({ b: null, d: 4 })
})
