import { currentLanguage } from '#shared/i18n/i18n.ts'
import { type Say, say, useWords } from '#shared/i18n/words.ts'
import type { Message, Person } from '../api/types.ts'
import type { TimeWords } from '../rules/chat-time.ts'
import { type WordKey, words } from '../words.ts'
import styles from './phone.module.css'

/** «@公司名» in amber for a WeCom contact, «@微信» in green for a WeChat contact seen from WeCom. */
export function CorpMark({ corpName, viewer }: { corpName: string | undefined; viewer: Person['role'] }) {
  const t = useWords(words)
  if (corpName) return <span className={styles.corp}>@{corpName}</span>
  return viewer === 'staff' ? <span className={styles.corpWechat}>@{t('mark.wechat')}</span> : null
}

/** One line of a message for the list of chats. */
export function previewOf(message: Message | undefined, t: Say<WordKey>): string {
  if (!message) return ''
  if (message.recalled) return t('message.recalled')
  const { body } = message
  switch (body.type) {
    case 'text':
      return body.content
    case 'notice':
      return body.text
    case 'image':
      return t('preview.image')
    case 'video':
      return t('preview.video')
    case 'link':
      return t('preview.link', { title: body.title })
    case 'miniprogram':
      return t('preview.miniprogram', { title: body.title })
    case 'file':
      return t('preview.file', { title: body.name })
    case 'card':
      return body.title
  }
}

export function useTimeWords(): TimeWords {
  const t = useWords(words)
  return {
    yesterday: t('time.yesterday'),
    weekdays: t('time.weekdays').split(','),
    monthDay: (month, day) => t('time.monthDay', { month: monthName(month), day }),
    yearMonthDay: (year, month, day) => t('time.yearMonthDay', { year, month: monthName(month), day }),
  }
}

function monthName(month: number): string | number {
  return currentLanguage() === 'en' ? (say(words, 'time.months').split(',')[month - 1] ?? month) : month
}
