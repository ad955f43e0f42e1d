import type { Platform } from '../platform.ts'
import type { Group } from '../world/groups.ts'
import { bodyOf } from './attachments.ts'

/** The group's template greets a newcomer; %NICKNAME% is his name [92366]. */
export function greetNewcomer(platform: Platform, group: Group, newcomer: string, name: string): void {
  const { world, chats, clock } = platform
  const template = group.welcomeTemplate === undefined ? undefined : world.templates.get(group.welcomeTemplate)
  if (template === undefined) return
  const owner = world.staff.find(group.owner)
  const person = newcomer.replace(/^s:/, '').replace(/^c:/, 'c')
  const head = {
    atMs: clock.now(),
    from: group.owner,
    fromName: owner?.name ?? group.owner,
    source: 'group_welcome' as const,
    appKey: template.appKey,
  }
  const room = chats.group(group.chatId)
  if (template.text !== undefined && template.text !== '') {
    const content = template.text.replaceAll('%NICKNAME%', name)
    chats.post(room, { ...head, body: { type: 'text', content } }, [person])
  }
  if (template.attachment !== undefined) {
    const { kind, fields } = template.attachment
    chats.post(room, { ...head, body: bodyOf(platform, kind, fields) }, [person])
  }
}
