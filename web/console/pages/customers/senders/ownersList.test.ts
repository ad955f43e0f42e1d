import { expect, it } from 'vitest'
import { readOwners } from './ownersList.ts'

it('a pasted list names a customer and his owner a line; without one nobody owns him', () => {
  expect(readOwners('wm1,ann\n\nwm2，bob\r\nwm3\twang\nwm4,\nwm5')).toEqual([
    { external_userid: 'wm1', userid: 'ann' },
    { external_userid: 'wm2', userid: 'bob' },
    { external_userid: 'wm3', userid: 'wang' },
    { external_userid: 'wm4', userid: null },
    { external_userid: 'wm5', userid: null },
  ])
})

it('a line that is something else is named by its number', () => {
  expect(readOwners('wm1,ann\nwm 2,bob')).toBe(2)
  expect(readOwners('wm1,ann,x')).toBe(1)
  expect(readOwners(',ann')).toBe(1)
})
