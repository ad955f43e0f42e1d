import { CallbackError, openCardReply } from '@nuanyu/wecom'
import { refuse } from '../admin/refusal.ts'
import type { TapCard } from '../admin/schema.reach.ts'
import { buttonsOf, cardBody, isInteractive, questionsOf, type SentCard } from '../cards.ts'
import type { Platform } from '../platform.ts'
import type { CorpApp } from '../world/apps.ts'
import type { StaffMember } from '../world/staff.ts'

/** A member taps a button of a card, or an action of its menu; its app is called back with a code to change the card. */
export function tapCard(platform: Platform, member: StaffMember, msgid: string, { key, selected }: TapCard): void {
  const sent = platform.cards.get(msgid)
  const now = sent?.shown.get(member.userid)
  if (sent === undefined || now === undefined)
    throw refuse(404, 'card_unknown', `${member.userid} has no card ${msgid}`, '没有这张卡片')
  const { card, replaced } = now
  const inMenu = card.action_menu?.action_list.some((action) => action.key === key) === true
  if (!inMenu && replaced !== undefined) throw refuse(409, 'card_done', 'the card was answered for', '这张卡片已处理')
  if (!inMenu && !buttonsOf(card).some((button) => button.key === key))
    throw refuse(409, 'no_such_button', `the card has no button ${key}`, '卡片上没有这个按钮')
  const app = platform.apps.get(sent.appKey)
  if (app === undefined) throw new Error(`a card of an app that is not there: ${sent.appKey}`)
  const told = {
    userId: member.userid,
    eventKey: key,
    taskId: card.task_id ?? '',
    cardType: card.card_type,
    responseCode: platform.cards.issue(sent),
    agentId: app.agentId,
  }
  const answers = inMenu ? [] : chosen(sent, selected)
  platform.callbacks.announce({
    family: 'app',
    event: inMenu
      ? { kind: 'app.card_menu_clicked', ...told }
      : { kind: 'app.card_clicked', ...told, ...(answers.length === 0 ? {} : { selected: answers }) },
    onlyApp: sent.appKey,
    answered: (answer, by) => {
      if (inMenu || platform.settings.value.readings.cardReplies === 'all') reply(platform, sent, member, by, answer)
    },
  })
}

/**
 * The app answered the tap at once: the card of this member, and only his, changes [90241]. What is no reply changes
 * nothing, and a text for buttons nothing where there are none.
 */
function reply(platform: Platform, sent: SentCard, { userid }: StaffMember, app: CorpApp, body: string): void {
  const card = sent.shown.get(userid)?.card
  if (card === undefined || app.callback === undefined) return
  const { token, aesKey } = app.callback
  const { limits } = platform.settings
  const keys = { token, aesKey, receiveId: platform.world.corpId }
  try {
    const said = openCardReply({ ...keys, userId: userid, taskId: card.task_id ?? '', body, limits })
    if (said?.type === 'update_template_card') changeCard(platform, sent, userid, said.card)
    else if (said !== undefined && isInteractive(card))
      showCard(platform, sent, userid, { card, replaced: said.replaceName })
  } catch (error) {
    if (!(error instanceof CallbackError)) throw error
  }
}

/** Puts another card before this member; one that brings a text for its buttons cannot be tapped again [94888]. */
export function changeCard(platform: Platform, sent: SentCard, userid: string, card: SentCard['card']): void {
  showCard(platform, sent, userid, { card, replaced: 'replace_text' in card ? card.replace_text : undefined })
}

function chosen({ card }: SentCard, selected: TapCard['selected']): { question: string; options: string[] }[] {
  return questionsOf(card).map(({ key, options, most, usual }) => {
    const picked = selected[key] ?? usual
    if (picked.some((id) => !options.includes(id)))
      throw refuse(409, 'no_such_option', `question ${key} has only ${options.join(', ')}`, '没有这个选项')
    if (picked.length > most)
      throw refuse(409, 'too_many_options', `question ${key} takes one answer`, '这道题只能选一项')
    return { question: key, options: picked }
  })
}

/** Puts the card, or the text in place of its buttons, before this member. */
export function showCard(
  platform: Platform,
  sent: SentCard,
  userid: string,
  look: { card: SentCard['card']; replaced?: string | undefined },
): void {
  sent.shown.set(userid, look)
  platform.chats.rewrite(
    platform.chats.app(sent.appKey, userid),
    sent.msgid,
    cardBody(sent.msgid, look.card, look.replaced),
  )
}
