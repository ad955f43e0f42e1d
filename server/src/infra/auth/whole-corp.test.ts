import { expect, it } from 'vitest'
import { AppError } from '../errors.ts'
import { wholeCorp } from './whole-corp.ts'

const why = { zh: '门店属于整个企业。', en: 'Stores belong to the whole corp.' }

it('lets pass who sees the whole corp, and tells everybody else why not and whom to ask', () => {
  const actor = { scope: { kind: 'corp' } } as const
  expect(wholeCorp(actor, why)).toBe(actor)
  const scopes = [
    { kind: 'region', departmentIds: [1] },
    { kind: 'store', storeIds: ['s'] },
    { kind: 'self', userid: 'li' },
  ] as const
  for (const scope of scopes) {
    const refused = () => wholeCorp({ scope }, why)
    expect(refused).toThrow(AppError)
    expect(refused).toThrow(expect.objectContaining({ code: 'forbidden', said: why, hint: expect.anything() }))
  }
})
