import { App, Button, Select } from 'antd'
import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { Panel } from '../../components/PageShape.tsx'
import type { ChannelDetail } from './channel.ts'
import { words } from './channel.words.ts'
import styles from './channels.module.css'

const sizes = [300, 430, 860, 1280]

/** The code to look at, to download in a size, and to print. */
export function QrPanel({ channel }: { channel: ChannelDetail }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const [size, setSize] = useState(430)
  const own = channel.codes.find((code) => code.userid === '')
  const content = channel.page_url ?? own?.content ?? null
  // a new logo or address is a new picture
  const version = encodeURIComponent(`${channel.input.logo_id ?? ''}${content ?? ''}`.slice(-16))
  const file = (format: 'png' | 'svg') => `/api/channels/${channel.id}/qr?format=${format}&size=${size}&download=yes`
  return (
    <Panel title={t('detail.qr')}>
      {!channel.ready || content === null ? (
        <div className={styles.qrWait} role="status">
          {channel.problem?.said ?? t('detail.making')}
        </div>
      ) : (
        <>
          <img
            className={styles.qr}
            src={`/api/channels/${channel.id}/qr?format=svg&size=440&v=${version}`}
            alt={`${channel.name} ${t('detail.qr')}`}
          />
          <div className={styles.qrActs}>
            <Select
              aria-label={t('detail.size')}
              value={size}
              options={sizes.map((one) => ({ value: one, label: `${one} px` }))}
              onChange={setSize}
            />
            <Button href={file('png')}>{t('detail.png')}</Button>
            <Button href={file('svg')}>{t('detail.svg')}</Button>
            <Button href={`/api/channels/sheet?ids=${channel.id}`} target="_blank">
              {t('detail.print')}
            </Button>
            <Button
              onClick={() =>
                void navigator.clipboard.writeText(content).then(() => message.success(t('detail.copied')))
              }
            >
              {t('detail.copyLink')}
            </Button>
          </div>
          <p className={styles.content}>
            {content}
            <br />
            {t('detail.verified')}
          </p>
        </>
      )}
    </Panel>
  )
}
