import type { Person, StreamEvent } from '../api/types.ts'

/** Calls and callbacks that leave no message but can be seen on a phone: remark, tags, a deletion, a group. */
const SEEN = /externalcontact\/(remark|mark_tag)|message\/update_template_card|change_external_(contact|chat)/

/** Does this event change what the person's phone shows? At peak most events are about others. */
export function touches(event: StreamEvent, person: Pick<Person, 'id' | 'externalUserId'>): boolean {
  const isHim = (id: unknown) => id !== undefined && (id === person.id || id === person.externalUserId)
  switch (event.event) {
    case 'message':
      return event.data.person === person.id
    case 'call': {
      if (event.data.errcode !== 0 || !SEEN.test(event.data.path)) return false
      const request = event.data.request
      if (typeof request !== 'object' || request === null) return false
      return Object.values(request).flat().some(isHim)
    }
    case 'callback':
      return SEEN.test(event.data.event) && (isHim(event.data.userid) || isHim(event.data.externalUserId))
    default:
      return false
  }
}
