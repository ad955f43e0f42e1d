import type { Said } from '../../../infra/errors.ts'
import { businessMoment } from '../../../infra/zone.ts'
import { fateNumber, sendStatus } from '../campaigns/recipient.ts'
import { groupReasonWords, heldWords } from './group.words.ts'
import type { GroupOfPerson } from './groups-of-person.store.ts'

/** Why somebody did, or did not, see a send to groups: group by group in which he was. */
export function whyOfGroups(groups: readonly GroupOfPerson[], zone: string): readonly Said[] {
  return groups.length === 0 ? [inNone] : groups.map((one) => ofGroup(one, zone))
}

const inNone: Said = {
  zh: '那时他不在这次发送的任何客户群里',
  en: 'They were in none of the groups of this send then',
}
const noName: Said = { zh: '未命名的群', en: 'a group without a name' }
const overCap: Said = {
  zh: '平台说这个群收到的群发已到上限',
  en: 'the platform says that the group has had all it may',
}

function ofGroup({ name, fate, reason, heldUntil, gaveWayTo, status }: GroupOfPerson, zone: string): Said {
  const known = name !== null && name !== ''
  const group = { zh: known ? `「${name}」` : noName.zh, en: known ? `“${name}”` : noName.en }
  const not = (why: Said): Said => ({ zh: `${group.zh}没有发：${why.zh}`, en: `Not sent to ${group.en}: ${why.en}` })
  if (status === sendStatus.sent)
    return { zh: `已发到他所在的${group.zh}`, en: `Sent to ${group.en}, in which they are` }
  if (status === sendStatus.overCap) return not(overCap)
  const why = reason === null ? null : groupReasonWords(reason, gaveWayTo)
  if (why !== null && heldUntil !== null) return not(heldWords(why, businessMoment(heldUntil, zone).slice(0, 16)))
  if (why !== null) return not(why)
  return fate === fateNumber('sent_to')
    ? { zh: `${group.zh}等群主确认发送`, en: `${group.en} waits for its owner to send` }
    : { zh: `${group.zh}没有发`, en: `Not sent to ${group.en}` }
}
