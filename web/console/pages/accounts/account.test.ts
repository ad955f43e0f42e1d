import { describe, expect, it } from 'vitest'
import { emptyScope, firstScope, isRole, madeUpPassword, roles, scopeKindsOf } from './account.ts'

describe('the form of an account', () => {
  it('begins each role with a scope that the role may have', () => {
    for (const role of roles) expect(scopeKindsOf[role]).toContain(firstScope(role).kind)
    expect(emptyScope('store')).toEqual({ kind: 'store', store_ids: [] })
    expect(emptyScope('region')).toEqual({ kind: 'region', department_ids: [] })
  })

  it('knows roles from other words in the address', () => {
    expect(isRole('guide')).toBe(true)
    expect(isRole('owner')).toBe(false)
    expect(isRole(undefined)).toBe(false)
  })

  it('makes up passwords that nobody misreads and no two alike', () => {
    const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)
    const made = Array.from({ length: 200 }, () => madeUpPassword(random))
    for (const password of made) expect(password).toMatch(/^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/)
    expect(new Set(made).size).toBe(200)
  })
})
