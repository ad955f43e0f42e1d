import { z } from '@hono/zod-openapi'
import { explain } from '@nuanyu/wecom'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { AppError, notFound } from '../../../infra/errors.ts'
import { type Api, createApi, decodeCursor, errorResponses, jsonContent, page } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { listMessages, type MessageRow, templatesOf, writeTemplate } from './app-messages.list.store.ts'
import {
  messagePage,
  messageQuery,
  type messageView,
  templateInput,
  templateList,
  type templateView,
} from './app-messages.schema.ts'
import { type Button, type ButtonFault, buttonFault, deedsOf } from './button.ts'
import {
  filled,
  hasLooseBrace,
  isMessageKind,
  kindOf,
  type MessageKindName,
  messageKindNames,
  strangeVariables,
} from './words.ts'

const tags = ['app-messages']
const thing = { zh: '消息种类', en: 'kind of message' }
const cursorShape = z.tuple([z.int()])
const whole = { zh: '员工消息面向整个品牌', en: 'Messages to staff concern the whole brand' }
const templates = { 200: jsonContent(templateList, 'Every kind, with the words that count'), ...errorResponses }

/** What staff are told through the app: the words of each kind, and what became of each message. */
export function appMessageRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/app-messages',
        tags,
        request: { query: messageQuery },
        responses: { 200: jsonContent(messagePage, 'The latest first'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      wholeCorp(actor, whole)
      const { limit, cursor, userid, state, tap } = c.req.valid('query')
      const [before] = decodeCursor(cursorShape, cursor) ?? []
      const rows = await listMessages(db, actor.corpId, { userid, state, tap, before, limit: limit + 1 })
      const { shown, next_cursor } = page(rows, limit, (last) => [last.id])
      const words = new Map((await templatesOf(db, actor.corpId)).map((one) => [one.kind, one.words]))
      return c.json({ items: shown.map((row) => presentMessage(row, words.get(row.kind))), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      { method: 'get', path: '/api/app-messages/templates', tags, responses: templates },
    ),
    async (c) => c.json({ items: await presentTemplates(c.get('actor').corpId) }, 200),
  )

  api.openapi(
    route(
      { gate: 'campaigns.write', audit: 'app_message.words' },
      {
        method: 'put',
        path: '/api/app-messages/templates/{kind}',
        tags,
        request: {
          params: z.object({ kind: z.string().max(60) }),
          body: jsonContent(templateInput, 'Counts for what is told from now on'),
        },
        responses: templates,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      wholeCorp(actor, whole)
      const { kind } = c.req.valid('param')
      const given = c.req.valid('json')
      if (!isMessageKind(kind)) throw notFound(thing)
      const [strange] = strangeVariables(kind, given.words)
      if (strange !== undefined) throw unknownVariable(strange, kind)
      if (hasLooseBrace(given.words)) throw looseBrace()
      const fault = buttonFault(kind, given.buttons)
      if (fault !== undefined) throw wrongButton(fault, given.buttons)
      await writeTemplate(db, actor.corpId, { kind, ...given }, { account: actor.accountId, at: clock.now() })
      noteAudit(c, { objectId: kind, after: given })
      return c.json({ items: await presentTemplates(actor.corpId) }, 200)
    },
  )

  const presentTemplates = async (corpId: number): Promise<z.output<typeof templateView>[]> => {
    const own = new Map((await templatesOf(db, corpId)).map((one) => [one.kind, one]))
    return messageKindNames.map((kind) => {
      const { name, variables, words } = kindOf(kind)
      const changed = own.get(kind)
      return {
        ...{ kind, name, variables: [...variables], standard: words },
        ...{ words: changed?.words ?? words, enabled: changed?.enabled ?? true },
        ...{ buttons: [...(changed?.buttons ?? [])], deeds: [...deedsOf(kind)] },
        changed_at: changed?.changedAt.toISOString() ?? null,
      }
    })
  }
  return api
}

function presentMessage(row: MessageRow, own: string | undefined): z.output<typeof messageView> {
  const { id, userid, kind, state, together, errcode } = row
  const known = isMessageKind(kind) ? kindOf(kind) : undefined
  const why = errcode === null ? undefined : explain(errcode)
  return {
    ...{ id, userid, kind, state, together, at: row.at.toISOString(), staff_name: row.staffName },
    kind_name: known?.name ?? { zh: kind, en: kind },
    text: filled(own ?? known?.words ?? '', row.values),
    told_at: state === 'sent' ? (row.toldAt?.toISOString() ?? null) : null,
    card: row.card,
    tap: row.tappedAt === null ? null : { at: row.tappedAt.toISOString(), outcome: row.tapOutcome ?? '' },
    problem: why === undefined ? null : { zh: `${why.meaningZh}（${errcode}）`, en: `${why.meaning} (${errcode})` },
  }
}

function unknownVariable(name: string, kind: MessageKindName): AppError {
  const known = kindOf(kind)
    .variables.map((one) => `{${one}}`)
    .join(' ')
  return new AppError('rule', {
    zh: `没有变量「{${name}}」。这种消息可以用：${known}`,
    en: `There is no variable {${name}}. This kind of message has: ${known}`,
  })
}

function looseBrace(): AppError {
  return new AppError(
    'rule',
    {
      zh: '有一个花括号没有配对，员工会原样看到它。',
      en: 'A brace has no other half: staff would read it as it stands.',
    },
    { hint: { zh: '变量写成 {客户} 这样，前后各一个花括号。', en: 'A variable stands between two braces: {客户}.' } },
  )
}

/** The place of a fault goes with it, so that the page shows it at the button. */
function wrongButton({ what, at }: ButtonFault, buttons: readonly Button[]): AppError {
  const text = buttons[at]?.text ?? ''
  const said = {
    not_here: {
      zh: `「${text}」不能用在这种消息上：它背后没有要完成的任务。`,
      en: `«${text}» has no place in this kind of message: there is no task behind it.`,
    },
    twice: {
      zh: `「${text}」和前面的按钮做的是同一件事。`,
      en: `«${text}» does the same as a button before it.`,
    },
    no_address: {
      zh: `「${text}」没有可以打开的网址。`,
      en: `«${text}» has no address to open.`,
    },
  }[what]
  return new AppError('rule', said, {
    hint:
      what === 'no_address'
        ? { zh: '请填以 https:// 开头的网址。', en: 'Give an address that begins with https://.' }
        : { zh: '请改成别的动作，或删掉它。', en: 'Choose another deed, or take it away.' },
    details: { button: at },
  })
}
