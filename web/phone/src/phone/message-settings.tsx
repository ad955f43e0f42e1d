import { useWords } from '#shared/i18n/words.ts'
import { useReceptionAct, useStandingTo, useTemplates } from '../api/weixin.ts'
import { SwitchCell } from '../parts/cells.tsx'
import { useToast } from '../parts/toast.tsx'
import { words } from '../words.ts'
import { usePhone } from './context.ts'

/** 通知管理: the messages of an account, each off or on. The brand is told only of what is turned off. */
export function MessageSettings({ account, use }: { account: 'service' | 'shop'; use: 'template' | 'subscribe' }) {
  const t = useWords(words)
  const toast = useToast()
  const { person } = usePhone()
  const standing = useStandingTo(person.id, account)
  const templates = useTemplates(account, use)
  const set = useReceptionAct<{ account: string; template: string; receive: boolean }>(person.id, 'weixin/template')
  return templates.map(({ id, title }) => {
    const on = !standing?.refused.includes(id)
    const left = standing?.consents[id] ?? 0
    return (
      <SwitchCell
        key={id}
        label={title}
        note={use === 'subscribe' && on ? t('messages.left', { count: left }) : undefined}
        on={on}
        disabled={standing === undefined || set.isPending}
        onChange={(receive) =>
          set.mutate({ account, template: id, receive }, { onError: (error: Error) => toast(error.message, true) })
        }
      />
    )
  })
}
