import { listed } from '#shared/format/list.ts'
import { money } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import type { Say } from '#shared/i18n/words.ts'
import type { CustomerEvent } from './customers.ts'
import type { TimelineWords } from './timeline.words.ts'

const kinds = [
  'relation.added',
  'relation.half_added',
  'relation.found',
  'relation.edited',
  'relation.transfer_failed',
  'relation.archive_agreed',
  'welcome.sent',
  'welcome.failed',
  'welcome.missed',
  'customer.detailed',
  'customer.tagged',
  'customer.remarked',
  'customer.fields_changed',
  'owner.set',
  'owner.removed',
  'stage.entered',
  'tier.changed',
  'audience.joined',
  'audience.left',
  'person.merged',
  'person.parted',
  'order.paid',
  'order.refunded',
  'order.cancelled',
  'send.delivered',
  'send.failed',
  'send.by_member',
  'moment.by_member',
  'oa.followed',
  'oa.unfollowed',
  'oa.scanned',
] as const
const holds = [
  ...(['opted_out', 'no_marketing', 'wished_less', 'month_cap', 'week_cap'] as const),
  ...(['day_cap', 'fatigue', 'gap', 'quiet', 'quota'] as const),
]
const enders = ['customer', 'staff', 'transfer'] as const

type Told = Pick<CustomerEvent, 'kind' | 'userid' | 'staff_name' | 'tags' | 'amount' | 'about' | 'by'> &
  Partial<Pick<CustomerEvent, 'held'>>

/** An event as a sentence; one that we do not know yet is shown by its name rather than left out. */
export function eventText(event: Told, t: Say<TimelineWords>): string {
  const values = {
    staff: event.staff_name ?? event.userid ?? '',
    tags: listed(event.tags),
    amount: event.amount === null ? '' : money(event.amount),
    // a field, a stage, a tier, an account: what the event names
    about: event.about ?? '',
  }
  if (event.kind === 'relation.ended') {
    const by = enders.find((one) => one === event.by)
    return t(by === undefined ? 'event.relation.ended' : `event.relation.ended.${by}`, values)
  }
  if (event.kind === 'touch.held' || event.kind === 'touch.dropped') {
    const hold = holds.find((one) => one === event.held?.reason)
    const why = hold === undefined ? '' : t(`hold.${hold}`)
    const until = event.held?.until == null ? '' : exactTime(event.held.until)
    return t(`event.${event.kind}`, { ...values, why, until })
  }
  if (event.kind === 'tier.changed' && event.about === null) return t('event.tier.none')
  const kind = kinds.find((one) => one === event.kind)
  return kind === undefined ? t('event.other', { kind: event.kind }) : t(`event.${kind}`, values)
}
