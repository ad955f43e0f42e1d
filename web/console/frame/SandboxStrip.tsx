import { CaretRightOutlined, DownOutlined, MobileOutlined, PauseOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { type ClockState, clockQuery, useNow } from '../lib/businessClock.ts'
import { explain } from '../lib/explain.ts'
import { queryClient } from '../lib/queryClient.ts'
import { useMay, useSession } from '../lib/session.ts'
import { PopMenu } from './PopMenu.tsx'
import { phoneAddress } from './phoneAddress.ts'
import styles from './SandboxStrip.module.css'
import { words } from './words.ts'

const rates = [1, 10, 60, 600]
const hour = 3_600_000

/** A strip in another colour on every page while no real customer can be reached, with the sandbox's clock. */
export function SandboxStrip() {
  const t = useWords(words)
  const { message } = App.useApp()
  const { sandbox_phone: phone } = useSession()
  const mayControl = useMay('sandbox.control')
  const { data: clock } = useQuery(clockQuery)
  const now = useNow(1000)
  const [day, time] = exactTime(now).split(' ')
  const change = useMutation({
    mutationFn: (body: { rate?: number; paused?: boolean; advanceMs?: number }) =>
      ask(api.POST('/api/sandbox/clock', { body })),
    onSuccess: (answer) => {
      const state: ClockState = { nowMs: answer.nowMs, rate: answer.rate, paused: answer.paused, askedAt: Date.now() }
      queryClient.setQueryData(clockQuery.queryKey, state)
    },
    onError: (error) => message.error(t('sandbox.failed', { why: explain(error).title })),
  })

  return (
    <aside className={styles.strip} aria-label={t('sandbox.name')}>
      <strong className={styles.name}>{t('sandbox.name')}</strong>
      <span className={styles.what}>{t('sandbox.what')}</span>
      {phone !== null && (
        <a
          className={styles.phone}
          href={phoneAddress(phone, location.hostname)}
          target="_blank"
          rel="noreferrer"
          title={t('sandbox.phone')}
          aria-label={t('sandbox.phone')}
        >
          <MobileOutlined aria-hidden="true" /> <span className={styles.phoneText}>{t('sandbox.phone')}</span>
        </a>
      )}
      {clock && (
        <div className={styles.clock}>
          <time className={styles.time} title={`${t('sandbox.clock')} ${exactTime(now)}`}>
            <span className={styles.day}>{day} </span>
            {time}
          </time>
          {mayControl && (
            <>
              <Button
                size="small"
                type="text"
                className={styles.button}
                icon={clock.paused ? <CaretRightOutlined /> : <PauseOutlined />}
                aria-label={clock.paused ? t('sandbox.resume') : t('sandbox.pause')}
                title={clock.paused ? t('sandbox.resume') : t('sandbox.pause')}
                onClick={() => change.mutate({ paused: !clock.paused })}
              />
              <PopMenu
                label={t('sandbox.rateLabel')}
                sections={[
                  {
                    key: 'rates',
                    items: rates.map((rate) => ({
                      key: String(rate),
                      label: t('sandbox.rate', { rate }),
                      chosen: clock.rate === rate,
                      onSelect: () => change.mutate({ rate }),
                    })),
                  },
                ]}
              >
                <Button size="small" type="text" className={styles.button} title={t('sandbox.rateLabel')}>
                  {t('sandbox.rate', { rate: clock.rate })} <DownOutlined aria-hidden="true" />
                </Button>
              </PopMenu>
              <PopMenu
                label={t('sandbox.forward')}
                sections={[
                  {
                    key: 'steps',
                    items: [
                      {
                        key: 'hour',
                        label: t('sandbox.forwardHour'),
                        onSelect: () => change.mutate({ advanceMs: hour }),
                      },
                      {
                        key: 'day',
                        label: t('sandbox.forwardDay'),
                        onSelect: () => change.mutate({ advanceMs: 24 * hour }),
                      },
                    ],
                  },
                ]}
              >
                <Button size="small" type="text" className={styles.button}>
                  {t('sandbox.forward')}
                </Button>
              </PopMenu>
            </>
          )}
        </div>
      )}
    </aside>
  )
}
