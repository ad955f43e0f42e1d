import { z } from 'zod'
import type { Actor } from '../../../infra/auth/actor.ts'
import { nameFor, phoneFor } from '../../../infra/auth/mask.ts'
import type { Vault } from '../../../infra/secrets/vault.ts'
import { businessDay } from '../../../infra/zone.ts'
import type { ExportRow } from './export-rows.store.ts'

/** The columns of every table of persons. */
export const customerHeader = {
  zh: [
    '客户编号',
    '姓名',
    '手机号',
    '备注',
    '会员号',
    '状态',
    '员工',
    '渠道',
    '标签',
    '最近添加日',
    '企业',
    'external_userid',
  ],
  en: [
    ...['Customer', 'Name', 'Phone', 'Remark', 'Member number', 'Status', 'Staff', 'Channels', 'Tags', 'Last added'],
    ...['Company', 'external_userid'],
  ],
}

const statusWords = {
  zh: { alive: '好友', half: '待员工通过', lost: '已流失', ended: '已断开' },
  en: { alive: 'Friends', half: 'Waits for staff', lost: 'Lost', ended: 'Ended' },
}
const sealedList = z.array(z.string())

/** One person as a row, masked for who asks. */
export function customerCells(actor: Actor, row: ExportRow, vault: Pick<Vault, 'open'>, zone: string) {
  const phones = [
    ...row.noted.flatMap((sealed) => sealedList.parse(JSON.parse(vault.open(sealed)))),
    ...row.phones.map((sealed) => vault.open(sealed)),
  ].map((phone) => phoneFor(actor, phone))
  const names = [row.name ?? '', ...row.names.map((sealed) => vault.open(sealed))].filter((name) => name !== '')
  return [
    String(row.id),
    nameFor(actor, names[0] ?? ''),
    joined(phones),
    joined(row.remarks.map((remark) => nameFor(actor, remark))),
    joined(row.memberNumbers),
    row.status === null ? '' : statusWords[actor.locale][row.status],
    ...[joined(row.staff), joined(row.channels), joined(row.tags)],
    row.lastAddedAt === null ? '' : businessDay(row.lastAddedAt, zone),
    ...[row.corpName ?? '', joined(row.externalUserids)],
  ]
}

function joined(words: readonly string[]): string {
  return [...new Set(words)].join('、')
}
