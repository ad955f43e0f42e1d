import { expect, test } from 'vitest'
import { phoneAddress } from './phoneAddress.ts'

test('the phone is opened on the machine that the console was opened on', () => {
  expect(phoneAddress('http://127.0.0.1:3001', 'localhost')).toBe('http://localhost:3001/')
  expect(phoneAddress('http://localhost:3001', '192.168.1.20')).toBe('http://192.168.1.20:3001/')
})

test('a sandbox with a name of its own keeps it', () => {
  expect(phoneAddress('https://sandbox.example.com', 'console.example.com')).toBe('https://sandbox.example.com/')
})
