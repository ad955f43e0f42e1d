import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { useAccounts, useReceptionAct, useStandingTo, useTemplates } from '../../api/weixin.ts'
import { Cells, SwitchCell } from '../../parts/cells.tsx'
import { Sheet } from '../../parts/sheet.tsx'
import { useToast } from '../../parts/toast.tsx'
import { words } from '../../words.ts'
import { usePhone } from '../context.ts'
import styles from './shop.module.css'

/** What WeChat shows when a mini program asks to send messages (`wx.requestSubscribeMessage`): a tap asks, never a page by itself. */
export function AskMessages({ onClose }: { onClose: () => void }) {
  const t = useWords(words)
  const toast = useToast()
  const { person } = usePhone()
  const name = useAccounts().data?.find((one) => one.kind === 'miniprogram')?.name ?? ''
  const refused = useStandingTo(person.id, 'shop')?.refused ?? []
  // what he turned off in his settings is not asked for
  const templates = useTemplates('shop', 'subscribe').filter(({ id }) => !refused.includes(id))
  const [off, setOff] = useState<readonly string[]>([])
  const answer = useReceptionAct<{ templates: { id: string; accept: boolean }[] }>(person.id, 'miniprogram/subscribe')
  const say = (accept: boolean) =>
    answer.mutate(
      { templates: templates.map(({ id }) => ({ id, accept: accept && !off.includes(id) })) },
      {
        onError: (error: Error) => toast(error.message, true),
        onSuccess: () => {
          toast(t(accept ? 'messages.allowed' : 'messages.declined'))
          onClose()
        },
      },
    )
  return (
    <Sheet label={t('messages.ask', { name })} onClose={onClose}>
      <div className={styles.ask}>
        <h2 className={styles.askTitle}>{t('messages.ask', { name })}</h2>
        <p className={styles.small}>{t('messages.once')}</p>
        {templates.length === 0 && <p className={styles.small}>{t('messages.allOff')}</p>}
        <Cells>
          {templates.map(({ id, title }) => (
            <SwitchCell
              key={id}
              label={title}
              on={!off.includes(id)}
              onChange={(on) => setOff(on ? off.filter((one) => one !== id) : [...off, id])}
            />
          ))}
        </Cells>
        <div className={styles.buyBar}>
          <button type="button" className={styles.second} disabled={answer.isPending} onClick={() => say(false)}>
            {t('messages.decline')}
          </button>
          <button
            type="button"
            className={styles.first}
            disabled={answer.isPending || templates.length === 0}
            onClick={() => say(true)}
          >
            {t('messages.allow')}
          </button>
        </div>
      </div>
    </Sheet>
  )
}
