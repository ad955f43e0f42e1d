import { useQuery } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { exactTime } from '#shared/format/time.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FactList } from '../../components/FactList.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import styles from './governor.module.css'
import { personKey } from './governor.ts'
import { NotedDialog } from './NotedDialog.tsx'
import { wishWords } from './wishes.words.ts'

type Noted = components['schemas']['CustomerWishes']['noted'][number]

/** What a customer wants to receive and whether chosen for him; who said so, when, and which way. */
export function CustomerWishes({ id }: { id: number }) {
  const t = useWords(wishWords)
  const mayWrite = useMay('customers.write')
  const { message } = App.useApp()
  const [noting, setNoting] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: [...personKey, id, 'wishes'],
    queryFn: () => ask(api.GET('/api/customers/{id}/wishes', { params: { path: { id } } })),
  })
  const copy = async (address: string): Promise<void> => {
    await navigator.clipboard.writeText(address)
    void message.success(t('copied'))
  }
  return (
    <Panel
      title={t('title')}
      aside={
        data && mayWrite && <Button onClick={() => setNoting(true)}>{t(data.personalised ? 'note' : 'unnote')}</Button>
      }
    >
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} inline />}
      {!data && !error && <Loading rows={2} />}
      {data && (
        <div className={styles.history}>
          <FactList
            facts={[
              { label: t('amount'), value: t(`said.${data.wish}`) },
              { label: t('personal'), value: t(data.personalised ? 'personal.on' : 'personal.off') },
            ]}
          />
          {data.noted.length === 0 && <p className={styles.quiet}>{t('none')}</p>}
          <ul className={styles.lines}>
            {data.noted.map((one) => (
              <li key={`${one.at} ${one.what}`}>
                {t(`said.${one.said}`)}{' '}
                <span className={styles.quiet}>
                  {exactTime(one.at)} · {byWhom(one, t)}
                </span>
              </li>
            ))}
          </ul>
          <OwnAddress address={data.address} copy={copy} />
        </div>
      )}
      {data && noting && <NoteDialog id={id} personalised={!data.personalised} onClose={() => setNoting(false)} />}
    </Panel>
  )
}

function OwnAddress({ address, copy }: { address: string | null; copy: (address: string) => Promise<void> }) {
  const t = useWords(wishWords)
  if (address === null) return null
  return (
    <Button type="link" className={styles.link} onClick={() => void copy(address)}>
      {t('address')}
    </Button>
  )
}

function byWhom({ through, by, reason }: Noted, t: Say<keyof typeof wishWords.zh>): string {
  return through === 'account' ? t('by.account', { name: by ?? t('someone'), reason }) : t(`by.${through}`)
}

function NoteDialog({ id, personalised, onClose }: { id: number; personalised: boolean; onClose: () => void }) {
  const t = useWords(wishWords)
  const said = t(personalised ? 'unnote' : 'note')
  const save = (reason: string) =>
    ask(api.PUT('/api/customers/{id}/personalisation', { params: { path: { id } }, body: { personalised, reason } }))
  return <NotedDialog id={id} title={said} okText={said} save={save} onClose={onClose} />
}
