import { z } from 'zod'
import {
  FileAttachment,
  ImageAttachment,
  LinkAttachment,
  MiniprogramAttachment,
  VideoAttachment,
} from '../attachments.ts'
import { endpoint } from '../endpoint.ts'
import { Bit, bytes, Nothing, required } from '../fields.ts'
import { AgentId, TemplateId } from '../ids.ts'

/** Text, where `%NICKNAME%` becomes the new member's name, and one other; of several the platform takes the first. */
const content = {
  text: z.object({ content: bytes('group_welcome.text_bytes', { code: 40058 }) }).optional(),
  image: ImageAttachment.shape.image.optional(),
  link: LinkAttachment.shape.link.optional(),
  miniprogram: MiniprogramAttachment.shape.miniprogram.optional(),
  file: FileAttachment.shape.file.optional(),
  video: VideoAttachment.shape.video.optional(),
  agentid: AgentId.optional(),
}

type Content = z.output<z.ZodObject<typeof content>>
const filled = (c: Content) => [c.text?.content, c.image, c.link, c.miniprogram, c.file, c.video].some(Boolean)
const empty = '40058 the welcome is empty'
const errors = [40007, 40058, 48002, 90206, 90207]

/** What greets new members of customer groups (入群欢迎语素材). */
export const groupWelcome = {
  /** `notify` 1, the default, tells group owners of the new template. */
  add: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/group_welcome_template/add',
    doc: 92366,
    request: z.object({ ...content, notify: Bit.optional() }).refine(filled, empty),
    response: z.object({ template_id: TemplateId }),
    repeat: 'never',
    errors: [...errors, 41055],
    credential: ['app'],
    limits: ['group_welcome.max_count'],
  }),
  edit: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/group_welcome_template/edit',
    doc: 92366,
    request: z.object({ template_id: required(40058, TemplateId), ...content }).refine(filled, empty),
    response: Nothing,
    repeat: 'idempotent',
    errors: [...errors, 41058],
    credential: ['app'],
    owner: 'app',
    serial: true,
  }),
  get: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/group_welcome_template/get',
    doc: 92366,
    request: z.object({ template_id: required(40058, TemplateId) }),
    response: z.object({
      text: z.object({ content: z.string() }).optional(),
      image: z.object({ media_id: z.string().optional(), pic_url: z.string().optional() }).optional(),
      link: z
        .object({ title: z.string(), picurl: z.string().optional(), desc: z.string().optional(), url: z.string() })
        .optional(),
      miniprogram: z
        .object({ title: z.string(), pic_media_id: z.string(), appid: z.string(), page: z.string() })
        .optional(),
      file: z.object({ media_id: z.string() }).optional(),
      video: z.object({ media_id: z.string() }).optional(),
    }),
    repeat: 'safe',
    errors: [40058, 48002],
    credential: ['app'],
  }),
  remove: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/group_welcome_template/del',
    doc: 92366,
    request: z.object({ template_id: required(40058, TemplateId), agentid: AgentId.optional() }),
    response: Nothing,
    repeat: 'idempotent',
    errors: [40058, 41058, 48002],
    credential: ['app'],
    owner: 'app',
  }),
}
