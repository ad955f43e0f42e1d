import { hash } from 'node:crypto'

/** The fields that a WeCom red packet's signature covers (D90275). */
const redPacketFields = [
  'act_name',
  'mch_billno',
  'mch_id',
  'nonce_str',
  're_openid',
  'total_amount',
  'wxappid',
] as const
/** The fields that a WeCom payment's signature covers (D90278). */
const paymentFields = [
  'amount',
  'appid',
  'desc',
  'mch_id',
  'nonce_str',
  'openid',
  'partner_trade_no',
  'ww_msg_type',
] as const

type Fields<Names extends readonly string[]> = { readonly [Name in Names[number]]: string }

/**
 * `workwx_sign` of a red packet or a payment that a WeCom app makes (D90281): its fixed fields sorted by name, then the
 * app's secret. It goes into the request before the merchant's own `sign`, which covers it too.
 *
 * @returns MD5 as upper-case hex, as the platform asks
 */
export function signWorkwx(
  what: { readonly redPacket: Fields<typeof redPacketFields> } | { readonly payment: Fields<typeof paymentFields> },
  secret: string,
): string {
  const pairs =
    'redPacket' in what
      ? redPacketFields.map((name) => `${name}=${what.redPacket[name]}`)
      : paymentFields.map((name) => `${name}=${what.payment[name]}`)
  return hash('md5', `${pairs.join('&')}&secret=${secret}`).toUpperCase()
}
