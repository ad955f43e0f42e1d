import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { signWorkwx } from './pay-sign.ts'

test('V8: the official page’s red packet', () => {
  const redPacket = {
    act_name: 'XXX',
    mch_billno: '11111234567890',
    mch_id: '10000098',
    nonce_str: 'qFKEgfig76DF9912fewmkp',
    re_openid: 'oxTWIuGaIt6gTKsQRLau2M0yL16E',
    total_amount: '100',
    wxappid: 'wx123456789',
  }
  expect(signWorkwx({ redPacket }, '192006250b4c09247ec02edce69f6a2d')).toBe('8B8D04AFC9FD08094CC5A0C2FA8BB60C')
})

test('a payment signs its own fields in the order of their names', () => {
  const payment = {
    ww_msg_type: 'NORMAL_MSG',
    partner_trade_no: '1',
    openid: 'o',
    nonce_str: 'n',
    mch_id: 'm',
    desc: 'd',
    appid: 'a',
    amount: '100',
  }
  const line =
    'amount=100&appid=a&desc=d&mch_id=m&nonce_str=n&openid=o&partner_trade_no=1&ww_msg_type=NORMAL_MSG&secret=s'
  expect(signWorkwx({ payment }, 's')).toBe(hash('md5', line).toUpperCase())
})
