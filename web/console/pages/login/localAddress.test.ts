import { expect, test } from 'vitest'
import { localAddress } from './localAddress.ts'

test('after the log-in a person returns to the page of this console he came from', () => {
  expect(localAddress('/customers?q=王')).toBe('/customers?q=王')
})

test.each([
  undefined,
  '',
  '/',
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '/login?next=/x',
  'javascript:alert(1)',
])('a next address of %s leads to the start page', (next) => {
  expect(localAddress(next)).toBe('/')
})
