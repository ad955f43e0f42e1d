import { useQuery } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { exactTime } from '#shared/format/time.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import styles from './governor.module.css'
import { personKey } from './governor.ts'
import { type QuotaWords, quotaWords } from './quota.words.ts'

type Quota = components['schemas']['PlatformQuota']

/** What WeCom's own cap of mass sends leaves for a group. */
export function GroupQuota({ chat }: { chat: string }) {
  const { data } = useQuery({
    queryKey: ['governor', 'group', chat, 'quota'],
    queryFn: () => ask(api.GET('/api/governor/groups/{chat_id}/quota', { params: { path: { chat_id: chat } } })),
  })
  return data ? <Left quota={data} /> : null
}

/** What WeCom's own cap of mass sends leaves for a customer. */
export function CustomerQuota({ id }: { id: number }) {
  const { data } = useQuery({
    queryKey: [...personKey, id, 'quota'],
    queryFn: () => ask(api.GET('/api/customers/{id}/touch-quota', { params: { path: { id } } })),
  })
  return data ? <Left quota={data} /> : null
}

function Left({ quota }: { quota: Quota }) {
  const t = useWords(quotaWords)
  return (
    <>
      <p role="status">{leftText(quota, t)}</p>
      <p className={styles.quiet}>{usedText(quota, t)}</p>
    </>
  )
}

/** By which rule WeCom caps this corp's mass sends, for everybody. */
export function QuotaRule() {
  const t = useWords(quotaWords)
  const { data } = useQuery({
    queryKey: ['governor', 'quota'],
    queryFn: () => ask(api.GET('/api/governor/quota')),
  })
  if (!data) return null
  return <p className={styles.quiet}>{t(`rule.${data.mode}`, { most: data.most })}</p>
}

function leftText({ mode, left, renewed_at }: Quota, t: Say<QuotaWords>): string {
  const said = t(`left.${mode}`, { left })
  return renewed_at === null ? said : `${said}${t('renewed', { time: exactTime(renewed_at) })}`
}

function usedText({ known, reserved, unknown, most }: Quota, t: Say<QuotaWords>): string {
  const used = t('used', { most, known, reserved })
  return unknown === 0 ? used : `${used}${t('unknown', { unknown })}`
}
