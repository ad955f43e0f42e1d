import { Button } from 'antd'
import { api } from '#shared/api/client.ts'
import { changeLanguage } from '#shared/i18n/i18n.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { queryClient } from '../lib/queryClient.ts'
import { sessionQuery } from '../lib/session.ts'

/** Offers the other language in that language, so that whoever needs it can read it. */
export function LanguageSwitch() {
  const other =
    useLanguage() === 'en'
      ? ({ code: 'zh-CN', name: '中文', label: '中文：切换到中文' } as const)
      : ({ code: 'en', name: 'EN', label: 'EN: switch to English' } as const)
  return (
    <Button
      type="text"
      aria-label={other.label}
      title={other.label}
      onClick={async () => {
        await changeLanguage(other.code)
        if (queryClient.getQueryData(sessionQuery.queryKey)) keepInAccount(other.code === 'en' ? 'en' : 'zh')
        // The server writes its sentences in the reader's language too.
        await queryClient.invalidateQueries()
      }}
    >
      {other.name}
    </Button>
  )
}

/** Mails and messages to this person follow the choice; the page has it already, so a failure costs nothing here. */
function keepInAccount(locale: 'zh' | 'en'): void {
  api.PATCH('/api/auth/me', { body: { locale } }).catch(() => undefined)
}
