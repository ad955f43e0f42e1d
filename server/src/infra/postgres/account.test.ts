import { expect, test } from 'vitest'
import { accountsOf, chooseAccount, mayPass } from './account.ts'

const accounts = accountsOf(
  [
    'root:x:0:0:root:/root:/bin/bash',
    'daemon:x:1:1::/:/usr/sbin/nologin',
    'nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin',
    'xiaoyu:x:1000:1000::/home/xiaoyu:/bin/bash',
    '',
  ].join('\n'),
)

test('root hands the database to a service account, never to itself', () => {
  expect(chooseAccount(accounts)?.name).toBe('nobody')
  expect(chooseAccount(accounts, 0)?.name).toBe('nobody')
})

test('an existing cluster keeps its owner', () => {
  expect(chooseAccount(accounts, 1000)?.name).toBe('xiaoyu')
})

test('without any known account there is none to choose', () => {
  expect(chooseAccount(accounts.filter((account) => account.uid === 0 || account.uid === 1000))).toBeUndefined()
})

test('one closed folder on the way closes the way', () => {
  const nobody = { name: 'nobody', uid: 65534, gid: 65534 }
  const open = { uid: 0, gid: 0, mode: 0o40755 }
  expect(mayPass([open, open], nobody)).toBe(true)
  expect(mayPass([open, { ...open, mode: 0o40700 }], nobody)).toBe(false)
  expect(mayPass([{ uid: 65534, gid: 0, mode: 0o40700 }, open], nobody)).toBe(true)
  expect(mayPass([{ uid: 0, gid: 65534, mode: 0o40701 }], nobody)).toBe(false)
})
