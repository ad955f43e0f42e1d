import { expect, test } from 'vitest'
import { changedFields, cleanMapping, emptyMapping, fieldsShown, mappingOf } from './mapping.ts'

const config = { kind: 'members', source: 'crm', fields: { number: 'id', 'customer.openid.appid': '=wx1' } }

test('a mapping is edited as it was kept, with fields that are not among the usual ones', () => {
  const mapping = mappingOf({ kind: 'webhook', config })
  expect(mapping).toEqual({ ...emptyMapping, ...config, money: 'fen' })
  expect(fieldsShown(mapping ?? emptyMapping)).toContain('customer.openid.appid')
  expect(mappingOf({ kind: 'sandbox-shop', config: { url: 'http://localhost' } })).toBeUndefined()
  expect(mappingOf({ kind: 'folder', config: { kind: 'nothing' } })).toBeUndefined()
})

test('what nothing fills is not kept, and what changed is named', () => {
  const before = { ...emptyMapping, fields: { number: 'no', store: 'shop' } }
  const after = cleanMapping({ ...before, money: 'fen', fields: { number: ' id ', store: ' ' } })
  expect(after.fields).toEqual({ number: 'id' })
  expect(changedFields(before, after)).toEqual(['money', 'number', 'store'])
})
