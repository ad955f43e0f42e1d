import type { Said } from '../../../infra/errors.ts'
import { escapeHtml, type Language, visitorNotice, visitorPage } from '../../../infra/visitor-page.ts'
import type { Wish } from '../governor/touch.ts'

/** What a customer sees who wants to receive less: three ways to choose from, one switch, in plain words. */

const words = {
  title: { zh: '消息偏好', en: 'What you receive from us' },
  lead: {
    zh: '你想收到多少消息？随时可以改。',
    en: 'How much do you want to hear from us? Change it whenever you like.',
  },
  all: { zh: '全部', en: 'Everything' },
  allText: { zh: '新品、活动和会员福利，都告诉我', en: 'News, events and offers for members' },
  less: { zh: '少一些', en: 'Less' },
  lessText: { zh: '只在有重要活动时告诉我', en: 'Only what matters most' },
  none: { zh: '不要', en: 'Nothing' },
  noneText: { zh: '不再发营销消息；订单和售后通知照常', en: 'No marketing; messages about your orders still come' },
  plain: { zh: '不要个性化推荐', en: 'No personal recommendations' },
  plainText: {
    zh: '不根据我的购买和浏览来挑选内容',
    en: 'Do not choose for me by what I bought or looked at',
  },
  save: { zh: '保存', en: 'Save' },
  saved: { zh: '已保存，一分钟内生效', en: 'Saved. It counts within a minute.' },
  privacy: {
    zh: '我们只用你与本品牌的客户关系识别你，只记录你在这里的选择、时间和来路，用来照你的意愿联系你；不读取你的昵称、头像和手机号。',
    en: 'We know you only as a customer of this brand, and keep what you choose here, when and which way you came, to act on it. We read neither your name nor your picture nor your phone number.',
  },
  unknown: { zh: '还没认出你', en: 'We do not know you yet' },
  unknownHow: {
    zh: '你的微信里还没有添加我们的顾问，所以不会收到我们的消息。\n若你仍收到，请回复发消息的顾问「不要再发」，他会替你登记。',
    en: 'Your WeChat has none of our advisors as a friend, so we send you nothing.\nIf you get messages all the same, answer the advisor “no more” and it will be noted for you.',
  },
  elsewhere: { zh: '请在微信里打开', en: 'Please open this in WeChat' },
  elsewhereHow: {
    zh: '只有在微信里，我们才知道是你：请回到收到消息的聊天，再点一次「少打扰」。\n也可以直接回复顾问「少发一些」或「不要再发」。',
    en: 'Only in WeChat do we know that it is you: go back to the chat and tap the link there again.\nOr answer your advisor “less” or “no more”.',
  },
  wrong: { zh: '链接不完整或已过期', en: 'The link is not complete, or too old' },
  wrongHow: {
    zh: '请在微信里打开最近一条消息，点其中的「少打扰」。\n也可以直接回复顾问「少发一些」或「不要再发」。',
    en: 'Open the latest message in WeChat and tap the link in it.\nOr answer your advisor “less” or “no more”.',
  },
} as const satisfies Record<string, Said>

const style = `
main{text-align:left}.brand{text-align:center}
.card h2{margin:0 0 4px;font-size:20px}.lead{margin:0 0 16px;color:#62666D;font-size:14px}
fieldset{margin:0;padding:0;border:0}legend{padding:0}
.choice{display:flex;gap:12px;align-items:flex-start;margin-top:10px;padding:14px 14px;border:1px solid #E9E4DB;border-radius:10px;cursor:pointer}
.choice:has(:checked){border-color:#0E7C66;background:#E6F2EF}
.choice:has(:focus-visible){outline:2px solid #0E7C66;outline-offset:2px}
.choice input{flex:none;width:20px;height:20px;margin:2px 0 0;accent-color:#0E7C66}
.choice b{display:block;font-weight:600}.choice small{display:block;color:#62666D;font-size:13px;line-height:1.5}
.plain{margin-top:20px}
.save{display:block;width:100%;min-height:48px;margin-top:20px;border:0;border-radius:10px;background:#0E7C66;color:#fff;font:inherit;font-weight:600;cursor:pointer}
.save:focus-visible{outline:2px solid #0E7C66;outline-offset:2px}
.saved{margin:0 0 16px;padding:10px 14px;border-radius:10px;background:#E6F2EF;color:#0B6553;font-weight:600;text-align:center}
.note{text-align:center}.card .name{text-align:center}
`

export interface Preferences {
  readonly wish: Wish
  readonly personalised: boolean
}

export function preferencesPage(language: Language, brand: string, now: Preferences, saved: boolean): string {
  const say = (key: keyof typeof words) => escapeHtml(words[key][language])
  const choice = (wish: Wish, text: keyof typeof words) =>
    `<label class="choice"><input type="radio" name="wish" value="${wish}"${now.wish === wish ? ' checked' : ''}><span><b>${say(wish)}</b><small>${say(text)}</small></span></label>`
  return visitorPage({
    language,
    brand,
    title: words.title[language],
    style,
    foot: words.privacy[language],
    body: `<form class="card" method="post">${saved ? `<p class="saved" role="status">${say('saved')}</p>` : ''}
<fieldset><legend><h2>${say('title')}</h2></legend><p class="lead">${say('lead')}</p>
${choice('all', 'allText')}${choice('less', 'lessText')}${choice('none', 'noneText')}</fieldset>
<label class="choice plain"><input type="checkbox" name="plain" value="on"${now.personalised ? '' : ' checked'}><span><b>${say('plain')}</b><small>${say('plainText')}</small></span></label>
<button class="save">${say('save')}</button></form>`,
  })
}

export function strangerPage(language: Language, brand: string, kind: 'unknown' | 'elsewhere' | 'wrong'): string {
  const [title, how, foot] = [words[kind], words[`${kind}How`], words.privacy]
  return visitorNotice({ language, brand, title: title[language], foot: foot[language], style }, how[language])
}
