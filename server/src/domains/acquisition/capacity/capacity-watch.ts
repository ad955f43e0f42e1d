import type { Database } from '../../../infra/db/database.ts'
import { profileOf } from '../../../infra/platform/limits.ts'
import { businessDay } from '../../../infra/zone.ts'
import { type Alarm, keepAlarms, raiseAlarms } from '../../insights/index.ts'
import { corpFacts } from '../codes/code-desk.store.ts'
import { corpLoad, fullMembers, type MemberLoad } from './capacity.store.ts'
import { type CapacityLevel, capacityLevel, capacityShares, forecast } from './capacity.ts'

const memberKind = 'capacity.member'
const corpKind = 'capacity.corp'

/** Raises and clears the alarms of members and of the corp that fill up. Members at 95 % leave the codes by the desk's own rule. */
export async function watchCapacity(db: Database, corpId: number, at: Date): Promise<void> {
  const corp = await corpFacts(db, corpId)
  const today = businessDay(at, corp.zone)
  const members = await fullMembers(db, corpId, corp.memberCap, today, capacityShares.amber)
  const whole = await corpLoad(db, corpId, today)
  const { limits } = await db.selectFrom('corps').select('limits').where('id', '=', corpId).executeTakeFirstOrThrow()
  const corpCap = profileOf(limits).value('customer.per_corp')
  const alarms = members.map((member) => memberAlarm(corpId, member))
  const whole_ = corpAlarm(corpId, whole.customers, corpCap, Math.max(0, whole.net7 / 7))
  const all = [...alarms, ...(whole_ === undefined ? [] : [whole_])]
  await db.transaction().execute(async (tx) => {
    await raiseAlarms(tx, all, at)
    await keepAlarms(
      tx,
      corpId,
      memberKind,
      alarms.map((alarm) => alarm.key),
      at,
    )
    if (whole_ === undefined) await keepAlarms(tx, corpId, corpKind, [], at)
  })
}

export function memberAlarm(corpId: number, member: MemberLoad): Alarm {
  const level = capacityLevel(member.customers, member.cap)
  const { daysLeft, left } = forecast(member.customers, member.cap, Math.max(0, member.net7 / 7))
  const when = daysWords(daysLeft)
  const out = level === 'full'
  return {
    corpId,
    kind: memberKind,
    key: `${memberKind}:${member.userid}`,
    severity: severityOf(level),
    title: {
      zh: `${member.name}的客户数 ${member.customers.toLocaleString('en')}/${member.cap.toLocaleString('en')}，还可加 ${left.toLocaleString('en')} 人${when.zh}${out ? '；已自动移出所有活码' : ''}`,
      en: `${member.name} has ${member.customers.toLocaleString('en')} of ${member.cap.toLocaleString('en')} customers, ${left.toLocaleString('en')} left${when.en}${out ? '; taken out of all codes' : ''}`,
    },
    advice: {
      zh: '到「管理后台 > 客户与上下游 > 客户联系 > 客户数扩容」申请扩容，或把部分客户分配给同事，或给渠道加员工。',
      en: 'Ask for an expansion in Admin console > Customer contact, hand customers over, or add staff to the channels.',
    },
    subject: { type: 'staff', id: member.userid, path: '/acquisition/channels/capacity' },
  }
}

export function corpAlarm(corpId: number, customers: number, cap: number, perDay: number): Alarm | undefined {
  const level = capacityLevel(customers, cap)
  const { daysLeft, left } = forecast(customers, cap, perDay)
  // buying a step takes days: two weeks ahead is late enough
  const soon = daysLeft !== null && daysLeft <= 14 && perDay > 0
  if (level === 'ok' && !soon) return undefined
  const when = daysWords(daysLeft)
  return {
    corpId,
    kind: corpKind,
    key: corpKind,
    severity: level === 'ok' ? 'amber' : severityOf(level),
    title: {
      zh: `企业客户数 ${customers.toLocaleString('en')}/${cap.toLocaleString('en')}，还可加 ${left.toLocaleString('en')} 人${when.zh}`,
      en: `The corp has ${customers.toLocaleString('en')} of ${cap.toLocaleString('en')} customers, ${left.toLocaleString('en')} left${when.en}`,
    },
    advice: {
      zh: '到「管理后台 > 客户与上下游 > 客户联系 > 客户数扩容」扩容（每档 50,000），扩容后在「平台限额档案」更新企业上限。',
      en: 'Expand in Admin console > Customer contact (steps of 50,000), then set the corp’s new limit in the limit profile.',
    },
    subject: { type: 'corp', id: String(corpId), path: '/acquisition/channels/capacity' },
  }
}

function severityOf(level: CapacityLevel): Alarm['severity'] {
  return level === 'amber' || level === 'ok' ? 'amber' : 'red'
}

function daysWords(daysLeft: number | null): { zh: string; en: string } {
  if (daysLeft === null) return { zh: '', en: '' }
  const days = Math.max(0, Math.floor(daysLeft))
  return days === 0
    ? { zh: '，今天就会到上限', en: ', full today' }
    : { zh: `，预计 ${days} 天后到上限`, en: `, full in about ${days} days` }
}
