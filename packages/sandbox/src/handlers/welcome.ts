import type { Attachment } from '@nuanyu/wecom'
import type { Call, GroupHandlers } from '../http/call.ts'
import { type AttachmentKind, bodyOf, checkAttachment } from '../people/attachments.ts'
import { customerId } from '../people/chats.ts'
import type { Welcomable } from '../welcomes.ts'
import { type Fail, fail } from './scope.ts'

export const welcome: GroupHandlers<'welcome'> = {
  async send(call, { welcome_code, text, attachments = [] }) {
    const { platform, app } = call
    const { clock, welcomes, oracle, settings } = platform
    const grant = welcomes.grant(welcome_code)
    if (grant === undefined || grant.appKey !== app.appKey) return fail(41050, 'invalid welcome_code')
    const { welcomable } = grant
    const late = () => {
      oracle.adds.rejected(welcomable.add)
      oracle.recordExpiredWelcome()
      return fail(41050, 'invalid welcome_code: expired')
    }
    if (clock.now() > welcomable.expiresMs) return late()
    if (settings.value.corp.archiveConsentMissing)
      return fail(41053, 'the customer has not agreed to the message archive')
    const spent = alreadyGreeted(call, welcomable)
    if (spent !== undefined) return spent
    for (const attachment of attachments) {
      const { kind, fields } = partsOf(attachment)
      const refusal = checkAttachment(platform, kind, fields)
      if (refusal !== undefined) return refusal
    }
    welcomable.sending = true
    try {
      const { sendingMs } = settings.value.welcome
      if (sendingMs > 0) await new Promise((resolve) => setTimeout(resolve, sendingMs))
      // The customer may have written while it was being sent.
      if (welcomable.settled) return fail(41051, 'already chatting')
      if (clock.now() > welcomable.expiresMs) return late()
      welcomable.settled = true
      greet(call, welcomable, text?.content, attachments)
    } finally {
      welcomable.sending = false
    }
    return {}
  },
}

function alreadyGreeted({ platform }: Call, welcomable: Welcomable): Fail | undefined {
  if (welcomable.settled) {
    platform.oracle.adds.rejected(welcomable.add)
    return fail(41051, 'already chatting or welcomed')
  }
  return welcomable.sending ? fail(41096, 'a welcome message is being sent, try again') : undefined
}

function greet(
  { platform, app }: Call,
  welcomable: Welcomable,
  content: string | undefined,
  attachments: readonly Attachment[],
): void {
  const { chats, clock, world, oracle } = platform
  const member = world.staff.at(welcomable.staff)
  const reader = customerId(welcomable.customer)
  const from = member?.userid ?? ''
  const room = chats.single(reader, from)
  const head = { atMs: clock.now(), from, fromName: member?.name ?? '', source: 'welcome' as const, appKey: app.appKey }
  if (content !== undefined && content !== '') chats.post(room, { ...head, body: { type: 'text', content } }, [reader])
  for (const attachment of attachments) {
    const { kind, fields } = partsOf(attachment)
    chats.post(room, { ...head, body: bodyOf(platform, kind, fields) }, [reader])
  }
  oracle.adds.welcomed(welcomable.add, clock.now())
}

/** An attachment names its kind and carries its fields below that name. */
export function partsOf(attachment: Attachment): { kind: AttachmentKind; fields: Readonly<Record<string, unknown>> } {
  switch (attachment.msgtype) {
    case 'image':
      return { kind: 'image', fields: attachment.image }
    case 'link':
      return { kind: 'link', fields: attachment.link }
    case 'miniprogram':
      return { kind: 'miniprogram', fields: attachment.miniprogram }
    case 'video':
      return { kind: 'video', fields: attachment.video }
    case 'file':
      return { kind: 'file', fields: attachment.file }
  }
}
