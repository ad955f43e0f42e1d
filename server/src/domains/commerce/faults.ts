import type { z } from 'zod'
import type { Said } from '../../infra/errors.ts'
import { type LeaveFault, leaveFaultWords } from '../organisation/index.ts'

/** Why a row is not taken: what of it, why, and what to do. */
export interface Fault {
  readonly field: string
  readonly said: Said
  readonly hint: Said
}

type Issue = z.core.$ZodIssue

/** The first thing about a row that does not fit its shape, for a person. */
export function faultOf(issue: Issue): Fault {
  const field = issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : issue.path.join('.')
  return { field, ...wordsOf(issue) }
}

const seeShapes: Said = {
  zh: '请对照 /api/openapi.json 或接入文档中的示例修改后重发这一行。',
  en: 'Mend it by /api/openapi.json or the examples of the integration guide and send this row again.',
}

function wordsOf(issue: Issue): { said: Said; hint: Said } {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? { said: { zh: '缺少这个字段。', en: 'It is missing.' }, hint: seeShapes }
        : {
            said: {
              zh: `类型不对，应为 ${issue.expected}。`,
              en: `It is of another kind: ${issue.expected} is expected.`,
            },
            hint: seeShapes,
          }
    case 'too_big':
      return {
        said: { zh: `超过上限 ${issue.maximum}。`, en: `It is above the limit of ${issue.maximum}.` },
        hint: {
          zh: '请减小数值、缩短文字或拆成几行。金额单位是分。',
          en: 'Lower or shorten it, or split the row. Money is in fen.',
        },
      }
    case 'too_small':
      return {
        said: { zh: `低于下限 ${issue.minimum}。`, en: `It is below the limit of ${issue.minimum}.` },
        hint: {
          zh: '不能为空，金额和数量不能为负；退款请写在 refunds 里。',
          en: 'It must not be empty, nor money or quantity negative; refunds stand in refunds.',
        },
      }
    case 'invalid_format':
      return {
        said: { zh: `格式不对（${issue.format}）。`, en: `It is not well formed (${issue.format}).` },
        hint:
          issue.format === 'datetime'
            ? {
                zh: '时间请写成带时区的 ISO 8601，如 2026-06-02T10:00:00+08:00。',
                en: 'Write times as ISO 8601 with an offset, such as 2026-06-02T10:00:00+08:00.',
              }
            : seeShapes,
      }
    case 'unrecognized_keys':
      return {
        said: { zh: '没有这个字段。', en: 'There is no such field.' },
        hint: {
          zh: '请检查拼写，或把它放进 attributes / properties。',
          en: 'Check its spelling, or put it into attributes or properties.',
        },
      }
    default:
      return { said: { zh: `不符合要求：${issue.message}`, en: `It does not fit: ${issue.message}` }, hint: seeShapes }
  }
}

export const faults = {
  nobody: (): Fault => ({
    field: 'customer',
    said: { zh: '没有写明是哪位客户。', en: 'It names nobody.' },
    hint: {
      zh: '请至少给出一个标识：external_userid、unionid、openid、member_no 或 phone。',
      en: 'Give one identity at least: external_userid, unionid, openid, member_no or phone.',
    },
  }),
  tooManyIdentities: (): Fault => ({
    field: 'customer',
    said: { zh: '标识超过 8 个。', en: 'It names more than eight identities.' },
    hint: { zh: '请只保留最确定的。', en: 'Keep the surest ones.' },
  }),
  unknownKind: (kind: string): Fault => ({
    field: 'customer.others',
    said: { zh: `没有声明过「${kind}」这种标识。`, en: `Identities of the kind “${kind}” are not declared.` },
    hint: {
      zh: '请先声明这种标识，或换用内置的标识。',
      en: 'Have the kind declared first, or use one of the built-in ones.',
    },
  }),
  unknownStore: (field: string, code: string): Fault => ({
    field,
    said: { zh: `没有编码为「${code}」的门店。`, en: `There is no store with the code “${code}”.` },
    hint: {
      zh: '请先在 组织与门店 › 门店 新建或导入，再重发这一行。',
      en: 'Make or import it under Organisation › Stores, then send this row again.',
    },
  }),
  unknownStaff: (userid: string): Fault => ({
    field: 'staff',
    said: { zh: `通讯录里没有员工「${userid}」。`, en: `There is no member “${userid}”.` },
    hint: { zh: '请填企业微信里的 userid，或不填。', en: 'Give the userid of WeCom, or leave it out.' },
  }),
  ahead: (field: string): Fault => ({
    field,
    said: { zh: '时间在一天以后的将来。', en: 'It lies more than a day ahead.' },
    hint: { zh: '请检查发送方的时钟与时区。', en: 'Check the sender’s clock and time zone.' },
  }),
  refundsAbove: (): Fault => ({
    field: 'refunds',
    said: { zh: '退款合计超过订单金额。', en: 'The refunds add up to more than the order.' },
    hint: { zh: '请核对 amount 与每笔退款，单位都是分。', en: 'Compare amount and the refunds; both are in fen.' },
  }),
  refundsUnpaid: (): Fault => ({
    field: 'refunds',
    said: { zh: '没有支付时间的订单不能有退款。', en: 'An order that was not paid has no refunds.' },
    hint: { zh: '请补上 paid_at。', en: 'Give paid_at.' },
  }),
  noCustomer: (id: string): Fault => ({
    field: 'external_userid',
    said: { zh: `没有客户「${id}」。`, en: `There is no customer “${id}”.` },
    hint: {
      zh: '请填企业微信里的 external_userid；刚添加的客户请稍后重发。',
      en: 'Give the external_userid of WeCom; send it again later for somebody who was just added.',
    },
  }),
  noContact: (userid: string): Fault => ({
    field: 'userid',
    said: {
      zh: `员工「${userid}」不是这位客户的好友。`,
      en: `The member “${userid}” does not have this customer as a contact.`,
    },
    hint: { zh: '只有好友员工可以发送。', en: 'Only contacts can send to a customer.' },
  }),
  noLeave: (why: LeaveFault): Fault => ({
    field: why === 'unknown_member' ? 'userid' : 'from',
    said: { zh: `${leaveFaultWords[why].zh}。`, en: `${leaveFaultWords[why].en}.` },
    hint: { zh: '请检查员工与起止时间。', en: 'Look at the member and at when it begins and ends.' },
  }),
  storeTwice: (code: string): Fault => ({
    field: 'stocks',
    said: { zh: `门店「${code}」出现了两次。`, en: `The store “${code}” stands twice.` },
    hint: { zh: '每家门店只写一次。', en: 'Name each store once.' },
  }),
}
