import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createVault } from '../../../infra/secrets/vault.ts'
import { corpToken, personalToken, preferencesAddress, readToken } from './preference-token.ts'

const vault = createVault(randomBytes(32).toString('hex'))
const other = createVault(randomBytes(32).toString('hex'))
const now = new Date('2026-11-23T10:00:00+08:00')
const number = fc.integer({ min: 1, max: 2 ** 31 - 1 })
const until = new Date(now.getTime() + 60_000)

describe('the address of a person’s preferences', () => {
  it('says whose it is to us alone, and is refused when a letter of it is another', () => {
    fc.assert(
      fc.property(number, number, fc.constantFrom('link' as const, 'oauth' as const), (corpId, customerId, through) => {
        const token = personalToken({ corpId, customerId, through, until }, vault)
        expect(token).toMatch(/^[A-Za-z0-9_-]+$/)
        expect(readToken(token, vault, now)).toEqual({ kind: 'person', corpId, customerId, through, until })
        expect(readToken(token, other, now)).toBeUndefined()
        const place = customerId % (token.length - 2)
        const altered = `${token.slice(0, place)}${token[place] === 'A' ? 'B' : 'A'}${token.slice(place + 1)}`
        expect(readToken(altered, vault, now)).toBeUndefined()
      }),
    )
  })

  it('ends: a message’s after more than a year', () => {
    const address = preferencesAddress('https://go.example', vault, 3, { customerId: 7, at: now })
    const token = address.replace('https://go.example/p/', '')
    const after = (days: number) => readToken(token, vault, new Date(now.getTime() + days * 86_400_000))
    expect(after(399)).toMatchObject({ kind: 'person', corpId: 3, customerId: 7, through: 'link' })
    expect(after(401)).toEqual({ kind: 'expired', corpId: 3 })
  })

  it('is of nobody where it is the corp’s, and of no other corp', () => {
    fc.assert(
      fc.property(number, (corpId) => {
        const token = corpToken(corpId, vault)
        expect(readToken(token, vault, now)).toEqual({ kind: 'corp', corpId })
        expect(readToken(token, other, now)).toBeUndefined()
        const bytes = Buffer.from(token, 'base64url')
        bytes.writeUInt32BE(corpId + 1)
        expect(readToken(bytes.toString('base64url'), vault, now)).toBeUndefined()
      }),
    )
  })

  it('is nothing else that we seal, and no text that somebody tries', () => {
    const sealed = vault.seal(JSON.stringify(['visitor', 1, 7, until.getTime()])).toString('base64url')
    expect(readToken(sealed, vault, now)).toBeUndefined()
    fc.assert(fc.property(fc.string(), (text) => readToken(text, vault, now) === undefined))
  })
})
