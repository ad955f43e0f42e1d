import { Button } from 'antd'
import { changeLanguage } from '#shared/i18n/i18n.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { queryClient } from '../lib/queryClient.ts'

/** Offers the other language in that language, so that whoever needs it can read it. */
export function LanguageSwitch() {
  const other =
    useLanguage() === 'en'
      ? ({ code: 'zh-CN', name: '中文', label: '切换到中文' } as const)
      : ({ code: 'en', name: 'EN', label: 'Switch to English' } as const)
  return (
    <Button
      type="text"
      aria-label={other.label}
      title={other.label}
      onClick={async () => {
        await changeLanguage(other.code)
        // The server writes its sentences in the reader's language too.
        await queryClient.invalidateQueries()
      }}
    >
      {other.name}
    </Button>
  )
}
