import { expect, test } from 'vitest'
import { emptyFault, faultOf } from './fault-form.ts'

test('a delay on one endpoint, once', () => {
  expect(faultOf({ ...emptyFault, target: 'externalcontact/send_welcome_msg' })).toEqual({
    fault: { kind: 'delay', match: { path: 'externalcontact/send_welcome_msg' }, times: 1, delayMs: 3000 },
  })
})

test('a callback fault matches an event, not a path, and carries no error code', () => {
  expect(
    faultOf({
      ...emptyFault,
      kind: 'callback_lost',
      target: 'change_external_contact/add_external_contact',
      times: '',
    }),
  ).toEqual({
    fault: { kind: 'callback_lost', match: { event: 'change_external_contact/add_external_contact' } },
  })
})

test('a share is given in per cent and sent as a fraction', () => {
  expect(faultOf({ ...emptyFault, kind: 'errcode', times: '', share: '20' })).toEqual({
    fault: { kind: 'errcode', match: {}, errcode: 45009, share: 0.2 },
  })
})

test('what cannot be sent is named', () => {
  expect(faultOf({ ...emptyFault, delayMs: '' })).toEqual({ wrong: 'delayMs' })
  expect(faultOf({ ...emptyFault, kind: 'errcode', errcode: '0' })).toEqual({ wrong: 'errcode' })
  expect(faultOf({ ...emptyFault, times: '1.5' })).toEqual({ wrong: 'times' })
  expect(faultOf({ ...emptyFault, share: '120' })).toEqual({ wrong: 'share' })
})
