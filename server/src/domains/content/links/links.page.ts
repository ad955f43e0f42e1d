import { type Language, visitorNotice } from '../../../infra/visitor-page.ts'

/** What a customer sees whose link leads nowhere any more. */

const words = {
  over: { zh: '这个链接已失效', en: 'This link is no longer valid' },
  overHow: {
    zh: '活动可能已经结束。想了解最新内容，请直接联系你的专属顾问。',
    en: 'What it led to may be over. Ask your advisor for what is new.',
  },
  wrong: { zh: '链接不完整', en: 'The link is not complete' },
  wrongHow: {
    zh: '请回到聊天里，再点一次原来的链接；不要手动输入。',
    en: 'Go back to the chat and tap the link there again; it cannot be typed.',
  },
  privacy: { zh: '本页不收集你的个人信息。', en: 'This page collects no personal data.' },
} as const

export function overPage(language: Language, brand: string, kind: 'over' | 'wrong'): string {
  return visitorNotice(
    { language, brand, title: words[kind][language], foot: words.privacy[language] },
    words[`${kind}How`][language],
  )
}
