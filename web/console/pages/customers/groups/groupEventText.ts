import type { Say } from '#shared/i18n/words.ts'
import type { CustomerEvent } from '../customers.ts'
import type { GroupWords } from './words.ts'

const scenes = [1, 2, 3] as const
const enders = ['self', 'removed', 'dismissed'] as const

/** A join or an end in a customer group as a sentence; undefined: the event is about something else. */
export function groupEventText(event: CustomerEvent, t: Say<GroupWords>): string | undefined {
  const group = event.group === null || event.group === '' ? t('unnamed') : event.group
  if (event.kind === 'group.joined') {
    const scene = scenes.find((one) => one === event.scene)
    return t(scene === undefined ? 'event.joined' : `event.joined.${scene}`, { group })
  }
  if (event.kind === 'group.left') {
    const by = enders.find((one) => one === event.by)
    return t(`event.left.${by ?? 'unknown'}`, { group })
  }
  return undefined
}
