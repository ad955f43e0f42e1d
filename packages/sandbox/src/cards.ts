import type { TemplateCard } from '@nuanyu/wecom'
import type { MessageBody } from './admin/schema.people.ts'
import type { SandboxClock } from './clock/clock.ts'
import type { SettingsStore } from './settings.ts'
import type { IdMaker } from './world/ids.ts'

/** A card that went out and may still be answered and changed. */
export interface SentCard {
  readonly msgid: string
  readonly appKey: string
  readonly sentAtMs: number
  readonly card: TemplateCard
  /** How it looks now to each whom it reached; a text in place of its buttons when it was answered for. */
  readonly shown: Map<string, { readonly card: TemplateCard; readonly replaced?: string | undefined }>
}

export type CardsState = readonly {
  readonly card: Omit<SentCard, 'shown'>
  readonly shown: readonly (readonly [string, { card: TemplateCard; replaced?: string | undefined }])[]
  readonly codes: readonly (readonly [string, number])[]
}[]

/** Cards of apps: who has which, and with which code each may be changed once [94888]. */
export interface Cards {
  get(msgid: string): SentCard | undefined
  /** A task id stands for one card of an app. */
  hasTask(appKey: string, taskId: string): boolean
  add(card: Omit<SentCard, 'shown' | 'sentAtMs'>, userids: readonly string[]): SentCard
  /** A code to change the card with: one use, `message.response_code_ttl_s` long. */
  issue(card: SentCard): string
  /** The card of a living code. */
  behind(code: string): SentCard | undefined
  spend(code: string): void
  dump(): CardsState
  load(state: CardsState): void
}

export function createCards(clock: SandboxClock, settings: SettingsStore, newId: IdMaker): Cards {
  /** In order of sending. */
  const cards = new Map<string, SentCard>()
  const codes = new Map<string, { card: SentCard; issuedAtMs: number }>()
  const livesMs = () => settings.limits.value('message.response_code_ttl_s') * 1000
  const forgetOld = () => {
    const beforeMs = clock.now() - livesMs()
    for (const [code, { issuedAtMs }] of codes) if (issuedAtMs < beforeMs) codes.delete(code)
    for (const [msgid, { sentAtMs }] of cards) {
      // answered as late as its last code would still change it
      if (sentAtMs + 2 * livesMs() >= clock.now()) return
      cards.delete(msgid)
    }
  }
  return {
    get: (msgid) => cards.get(msgid),
    hasTask: (appKey, taskId) =>
      [...cards.values()].some((one) => one.appKey === appKey && one.card.task_id === taskId),
    add({ msgid, appKey, card }, userids) {
      forgetOld()
      const shown = new Map(userids.map((userid) => [userid, { card }]))
      const sent: SentCard = { msgid, appKey, card, sentAtMs: clock.now(), shown }
      cards.set(msgid, sent)
      return sent
    },
    issue(card) {
      const code = newId('', 64)
      codes.set(code, { card, issuedAtMs: clock.now() })
      return code
    },
    behind(code) {
      const found = codes.get(code)
      return found === undefined || clock.now() - found.issuedAtMs > livesMs() ? undefined : found.card
    },
    spend: (code) => void codes.delete(code),
    dump: () =>
      [...cards.values()].map(({ shown, ...card }) => ({
        card,
        shown: [...shown],
        codes: [...codes].flatMap(([code, of]) =>
          of.card.msgid === card.msgid ? [[code, of.issuedAtMs] as const] : [],
        ),
      })),
    load(state) {
      for (const { card, shown, codes: own } of state) {
        const sent: SentCard = { ...card, shown: new Map(shown) }
        cards.set(sent.msgid, sent)
        for (const [code, issuedAtMs] of own) codes.set(code, { card: sent, issuedAtMs })
      }
    },
  }
}

const INTERACTIVE: readonly TemplateCard['card_type'][] = [
  'button_interaction',
  'vote_interaction',
  'multiple_interaction',
]

/** A card whose buttons answer, and not its menu alone. */
export const isInteractive = (card: TemplateCard): boolean => INTERACTIVE.includes(card.card_type)

/** A card that a member can answer, and that may be changed: by its buttons or by its menu [94888]. */
export const isAnswerable = (card: TemplateCard): boolean => isInteractive(card) || card.action_menu !== undefined

/** How a member sees the card. */
export function cardBody(msgid: string, card: TemplateCard, replaced?: string): MessageBody {
  const title = card.main_title?.title ?? ''
  const url = 'card_action' in card ? card.card_action?.url : undefined
  const buttons = replaced === undefined ? buttonsOf(card).map(({ key, text }) => ({ key, text })) : []
  const links = replaced === undefined ? linksOf(card) : []
  return {
    type: 'card',
    title,
    description: linesOf(card).join('\n'),
    ...(url === undefined ? {} : { url }),
    cardId: msgid,
    ...(buttons.length === 0 ? {} : { buttons }),
    ...(links.length === 0 ? {} : { links }),
    ...(replaced === undefined ? {} : { replaced }),
  }
}

/** What stands under the title: its own words, the text, and what is listed. */
function linesOf(card: TemplateCard): string[] {
  const text = 'sub_title_text' in card ? card.sub_title_text : undefined
  const listed = 'horizontal_content_list' in card ? (card.horizontal_content_list ?? []) : []
  return [card.main_title?.desc, text, ...listed.map(({ keyname, value }) => `${keyname}：${value ?? ''}`)].filter(
    (line): line is string => line !== undefined && line !== '',
  )
}

/** Buttons that open an address, of which the app hears nothing. */
function linksOf(card: TemplateCard): { url: string; text: string }[] {
  if (card.card_type !== 'button_interaction') return []
  return card.button_list.flatMap(({ key, text, url }) =>
    key === undefined && url !== undefined ? [{ url, text }] : [],
  )
}

/** What can be tapped so that the app hears of it; buttons that only lead somewhere are left out. */
export function buttonsOf(card: TemplateCard): { key: string; text: string }[] {
  switch (card.card_type) {
    case 'button_interaction':
      return card.button_list.flatMap(({ key, text }) => (key === undefined ? [] : [{ key, text }]))
    case 'vote_interaction':
    case 'multiple_interaction':
      return [card.submit_button]
    default:
      return []
  }
}

/** Questions of the card with the ids that may be chosen, how many of them at most, and what is chosen beforehand. */
export function questionsOf(card: TemplateCard): { key: string; options: string[]; most: number; usual: string[] }[] {
  const select = (one: { question_key: string; option_list: { id: string }[]; selected_id?: string | undefined }) => {
    const options = one.option_list.map(({ id }) => id)
    const usual = one.selected_id !== undefined && options.includes(one.selected_id) ? one.selected_id : options[0]
    return { key: one.question_key, options, most: 1, usual: usual === undefined ? [] : [usual] }
  }
  switch (card.card_type) {
    case 'button_interaction':
      return card.button_selection === undefined ? [] : [select(card.button_selection)]
    case 'multiple_interaction':
      return card.select_list.map(select)
    case 'vote_interaction': {
      const { question_key, option_list, mode } = card.checkbox
      const usual = option_list.flatMap(({ id, is_checked }) => (is_checked === true ? [id] : []))
      return [
        {
          key: question_key,
          options: option_list.map(({ id }) => id),
          most: mode === 1 ? option_list.length : 1,
          usual,
        },
      ]
    }
    default:
      return []
  }
}
