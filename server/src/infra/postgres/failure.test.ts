import { expect, test } from 'vitest'
import { folderFailure, startFailure } from './failure.ts'

test.each([
  ['FATAL:  could not write lock file "postmaster.pid": No space left on device', 'disk_full'],
  ['PANIC:  could not write to file "pg_wal/xlogtemp.1": Disk quota exceeded', 'disk_full'],
  [
    'FATAL:  database files are incompatible with server\nDETAIL:  The data directory was initialized by PostgreSQL version 16, which is not compatible with this version 18.4.',
    'other_major_version',
  ],
  ['FATAL:  data directory "/data/postgres" has wrong ownership', 'other_owner'],
  ['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', 'port_taken'],
  ['FATAL:  something new', 'did_not_start'],
])('PostgreSQL’s last words %j are read as %s', (output, code) => {
  expect(startFailure('/data', output)).toMatchObject({ code, messageZh: expect.stringMatching(/[\u4e00-\u9fff]/) })
})

test('an unreadable cause is kept in the sentence, not hidden', () => {
  expect(startFailure('/data', 'FATAL:  something new').message).toContain('something new')
})

test.each([
  ['EACCES', 'folder_not_writable'],
  ['EROFS', 'folder_not_writable'],
  ['ENOSPC', 'disk_full'],
])('the system error %s on the data folder is %s', (code, expected) => {
  expect(folderFailure('/data', Object.assign(new Error(code), { code }))?.code).toBe(expected)
})

test('other errors are not explained away', () => {
  expect(folderFailure('/data', new Error('else'))).toBeUndefined()
})
