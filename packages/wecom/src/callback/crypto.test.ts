import * as official from '@wecom/crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decrypt, encrypt, signature } from './crypto.ts'
import { CallbackError } from './error.ts'

const aesKeys = fc.string({
  unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'),
  minLength: 43,
  maxLength: 43,
})
const messages = fc.string({ unit: 'grapheme', maxLength: 600 })
const receivers = fc.string({ unit: fc.constantFrom(...'abcdefwx0123456789'), maxLength: 20 })

describe('the official library', () => {
  test('opens what we seal', () => {
    fc.assert(
      fc.property(aesKeys, messages, receivers, (aesKey, message, receiveId) => {
        const opened = official.decrypt(aesKey, encrypt(aesKey, message, receiveId))
        expect([opened.message, opened.id]).toEqual([message, receiveId])
      }),
    )
  })

  test('seals what we open', () => {
    fc.assert(
      fc.property(aesKeys, messages, receivers, (aesKey, message, receiveId) => {
        expect(decrypt(aesKey, official.encrypt(aesKey, message, receiveId), receiveId)).toBe(message)
      }),
    )
  })

  test('makes the same ciphertext of the same random, and the same signature', () => {
    const random = fc.uint8Array({ minLength: 16, maxLength: 16 })
    fc.assert(
      fc.property(aesKeys, messages, receivers, random, (aesKey, message, receiveId, bytes) => {
        const ours = encrypt(aesKey, message, receiveId, bytes)
        expect(ours).toBe(official.encrypt(aesKey, message, receiveId, Buffer.from(bytes)))
        expect(signature('token', '1', 'nonce', ours)).toBe(official.getSignature('token', '1', 'nonce', ours))
      }),
    )
  })
})

test('a ciphertext with any one byte changed does not open as another message', () => {
  fc.assert(
    fc.property(aesKeys, messages, fc.nat(), fc.integer({ min: 1, max: 255 }), (aesKey, message, at, change) => {
      const sealed = Buffer.from(encrypt(aesKey, message, 'ww1'), 'base64')
      const index = at % sealed.length
      sealed[index] = (sealed[index] ?? 0) ^ change
      try {
        // Where the change only touches the random or scrambles text, the signature before it is what refuses it.
        expect(typeof decrypt(aesKey, sealed.toString('base64'), 'ww1')).toBe('string')
      } catch (error) {
        expect(error).toBeInstanceOf(CallbackError)
      }
    }),
  )
})
