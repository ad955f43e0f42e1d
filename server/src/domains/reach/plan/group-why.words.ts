import type { Said } from '../../../infra/errors.ts'
import { businessMoment } from '../../../infra/zone.ts'
import { fateNumber, sendStatus } from '../campaigns/recipient.ts'
import { groupReasonWords, heldWords } from './group.words.ts'
import type { GroupOfPerson } from './groups-of-person.store.ts'
import { heldInVain, outcomeSaid } from './outcome.words.ts'

/** Why somebody did, or did not, see a send to groups: group by group in which he was. */
export function whyOfGroups(groups: readonly GroupOfPerson[], runState: string, zone: string): readonly Said[] {
  return groups.length === 0 ? [inNone] : groups.map((one) => ofGroup(one, runState, zone))
}

const inNone: Said = {
  zh: '那时他不在这次发送的任何客户群里',
  en: 'They were in none of the groups of this send then',
}
const noName: Said = { zh: '未命名的群', en: 'a group without a name' }

function ofGroup(one: GroupOfPerson, runState: string, zone: string): Said {
  const { name, fate, reason, heldUntil, gaveWayTo, status } = one
  const known = name !== null && name !== ''
  const group = { zh: known ? `「${name}」` : noName.zh, en: known ? `“${name}”` : noName.en }
  const not = (why: Said): Said => ({ zh: `${group.zh}没有发：${why.zh}`, en: `Not sent to ${group.en}: ${why.en}` })
  if (status === sendStatus.sent)
    return { zh: `已发到他所在的${group.zh}`, en: `Sent to ${group.en}, in which they are` }
  const why = reason === null ? null : groupReasonWords(reason, gaveWayTo)
  const vain = heldUntil === null ? undefined : heldInVain(runState)
  if (vain !== undefined) return not(vain)
  if (why !== null && heldUntil !== null) return not(heldWords(why, businessMoment(heldUntil, zone).slice(0, 16)))
  if (why !== null) return not(why)
  const outcome = fate === fateNumber('sent_to') ? outcomeSaid(one, 'group_send', runState) : undefined
  return outcome === undefined ? { zh: `${group.zh}没有发`, en: `Not sent to ${group.en}` } : not(outcome)
}
