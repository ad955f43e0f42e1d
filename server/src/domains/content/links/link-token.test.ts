import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createVault } from '../../../infra/secrets/vault.ts'
import { linkOf, tokenIn, tokenOf } from './link-token.ts'

const vault = createVault(randomBytes(32).toString('hex'))
const number = fc.integer({ min: 1, max: 2 ** 48 - 1 })

describe('the token of a link', () => {
  it('says its link back, in twenty letters that an address may hold', () => {
    fc.assert(
      fc.property(number, (id) => {
        const token = tokenOf(id, vault)
        expect(token).toMatch(/^[A-Za-z0-9_-]{20}$/)
        expect(linkOf(token, vault)).toBe(id)
      }),
    )
  })

  it('is refused when any of its letters is another, or another server made it', () => {
    const other = createVault(randomBytes(32).toString('hex'))
    fc.assert(
      fc.property(number, fc.nat(19), fc.constantFrom(...'ABCXYZabcxyz0189_-'), (id, place, letter) => {
        const token = tokenOf(id, vault)
        expect(linkOf(tokenOf(id, other), vault)).toBeUndefined()
        const altered = token.slice(0, place) + letter + token.slice(place + 1)
        expect(linkOf(altered, vault)).toBe(altered === token ? id : undefined)
      }),
    )
  })

  it('is refused whatever else stands in its place', () => {
    fc.assert(fc.property(fc.string(), (text) => linkOf(text, vault) === undefined))
  })

  it('is found in what somebody pastes', () => {
    const token = tokenOf(7, vault)
    for (const text of [token, ` https://go.example.com/l/${token} `, `https://go.example.com/l/${token}?code=1`])
      expect(tokenIn(text)).toBe(token)
    for (const text of ['', 'https://go.example.com/p/abc', `${token}x`]) expect(tokenIn(text)).toBe('')
  })
})
