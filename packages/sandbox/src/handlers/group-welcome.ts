import type { Call, GroupHandlers } from '../http/call.ts'
import { type AttachmentKind, checkAttachment } from '../people/attachments.ts'
import type { GroupWelcomeTemplate } from '../world/templates.ts'
import { Fail, fail } from './scope.ts'

export const groupWelcome: GroupHandlers<'groupWelcome'> = {
  add(call, request) {
    const { world, settings } = call.platform
    const content = contentOf(call, request)
    if (content instanceof Fail) return content
    if (world.templates.size >= settings.limits.value('group_welcome.max_count'))
      return fail(41055, 'group welcome templates reached their cap')
    const templateId = world.newId('msg', 32)
    world.templates.set(templateId, { templateId, appKey: call.app.appKey, ...content })
    return { template_id: templateId }
  },

  edit(call, request) {
    const template = ownTemplate(call, request.template_id)
    if (template instanceof Fail) return template
    const content = contentOf(call, request)
    if (content instanceof Fail) return content
    Object.assign(template, content)
    return {}
  },

  get({ platform }, { template_id }) {
    const template = platform.world.templates.get(template_id)
    if (template === undefined) return fail(40058, 'invalid template_id')
    const { text, attachment } = template
    return {
      ...(text === undefined ? {} : { text: { content: text } }),
      ...(attachment === undefined ? {} : { [attachment.kind]: attachment.fields }),
    }
  },

  remove(call, { template_id }) {
    const template = ownTemplate(call, template_id)
    if (template instanceof Fail) return template
    call.platform.world.templates.delete(template_id)
    return {}
  },
}

/** Of several attachments the platform takes the first of these [92366]. */
const PRIORITY: readonly AttachmentKind[] = ['image', 'link', 'miniprogram', 'file', 'video']

type Request = { text?: { content: string } | undefined; agentid?: number | undefined } & {
  [Kind in AttachmentKind]?: Readonly<Record<string, unknown>> | undefined
}

function contentOf(
  { platform, app }: Call,
  request: Request,
): Pick<GroupWelcomeTemplate, 'text' | 'attachment'> | Fail {
  if (request.agentid !== undefined && request.agentid !== app.agentId)
    return fail(301002, 'not allow operate another agent')
  const kind = PRIORITY.find((one) => request[one] !== undefined)
  const fields = kind === undefined ? undefined : request[kind]
  if (kind === undefined || fields === undefined) return { text: request.text?.content, attachment: undefined }
  const refusal = checkAttachment(platform, kind, fields)
  return refusal ?? { text: request.text?.content, attachment: { kind, fields } }
}

/** 41058 for another app's, 40058 for none. */
function ownTemplate({ platform, app }: Call, templateId: string): GroupWelcomeTemplate | Fail {
  const template = platform.world.templates.get(templateId)
  if (template === undefined) return fail(40058, 'invalid template_id')
  return template.appKey === app.appKey ? template : fail(41058, 'no edit right on this group welcome template')
}
