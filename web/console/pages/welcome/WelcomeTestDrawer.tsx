import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Drawer, Input, Segmented } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactTime } from '#shared/format/time.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { PhonePreview } from '../../components/PhonePreview.tsx'
import { type WhyOption, WhyTrace } from '../../components/WhyTrace.tsx'
import { explain } from '../../lib/explain.ts'
import { useSession } from '../../lib/session.ts'
import { Field } from './Field.tsx'
import { TargetField } from './TargetField.tsx'
import styles from './welcome.module.css'
import { type Considered, customerStages, messagesOf } from './welcome.ts'
import { type Words, words } from './words.ts'

/** «Which welcome would this member, channel, time and kind of customer get, and why.» Nothing is sent. */
export function WelcomeTestDrawer({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useWords(words)
  const { corp } = useSession()
  const [userid, setUserid] = useState('')
  const [channel, setChannel] = useState('')
  const [at, setAt] = useState('')
  const [stage, setStage] = useState<(typeof customerStages)[number]>('new')
  const test = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/api/welcomes/test', {
          body: {
            userid,
            stage,
            customer_name: t('preview.customer'),
            ...(channel === '' ? {} : { channel_id: channel }),
            ...(at === '' ? {} : { at: new Date(at).toISOString() }),
          },
        }),
      ),
  })
  const answer = test.data
  const refusal = test.error ? explain(test.error) : undefined
  const won = answer?.considered.find((one) => one.outcome === 'won')
  return (
    <Drawer open={open} onClose={onClose} size={960} title={t('test.title')} destroyOnHidden>
      <div className={styles.testbox}>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault()
            test.mutate()
          }}
        >
          <div className={styles.field}>
            <span className={styles.label}>{t('test.staff')}</span>
            <TargetField level="person" value={userid} onChange={setUserid} />
          </div>
          <div className={styles.field}>
            <span className={styles.label}>{t('test.channel')}</span>
            <TargetField level="channel" value={channel} onChange={setChannel} allowClear />
          </div>
          <Field label={t('test.at')}>
            {(id) => <Input id={id} type="datetime-local" value={at} onChange={(event) => setAt(event.target.value)} />}
          </Field>
          <div className={styles.field}>
            <span className={styles.label}>{t('test.stage')}</span>
            <div>
              <Segmented
                aria-label={t('test.stage')}
                value={stage}
                options={customerStages.map((one) => ({ value: one, label: t(`customer.${one}`) }))}
                onChange={setStage}
              />
            </div>
            <span className={styles.hint}>{t('test.stage.hint')}</span>
          </div>
          <div>
            <Button type="primary" htmlType="submit" disabled={userid === ''} loading={test.isPending}>
              {t('test.run')}
            </Button>
          </div>
          {refusal && <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />}
          {answer && (
            <WhyTrace
              question={t('test.question', {
                staff: answer.asked.staff_name ?? answer.asked.userid,
                at: exactTime(answer.asked.at),
                customer: t(`customer.${answer.asked.stage}`),
                channel:
                  answer.asked.channel_name === null ? '' : t('test.via', { channel: answer.asked.channel_name }),
              })}
              won={
                won && {
                  ...optionOf(won, t),
                  label: t('test.won', {
                    level: t(`level.${won.level}`),
                    name: won.name ?? '',
                    version: won.version ?? 0,
                    band: [answer.band, answer.band_stage && t(`stage.${answer.band_stage}`)]
                      .filter(Boolean)
                      .join(' · '),
                  }),
                }
              }
              lost={answer.considered.filter((one) => one.outcome !== 'won').map((one) => optionOf(one, t))}
              nothing={t('test.nothing')}
              facts={[
                { label: t('test.staffFact'), value: answer.asked.staff_name ?? answer.asked.userid },
                { label: t('test.storeFact'), value: answer.asked.store_name ?? t('none') },
                { label: t('test.stage'), value: t(`customer.${answer.asked.stage}`) },
                { label: t('test.channelFact'), value: answer.asked.channel_name ?? t('none') },
              ]}
            />
          )}
          {answer && answer.missing_assets.length > 0 && (
            <Alert type="warning" showIcon title={t('test.missing', { count: answer.missing_assets.length })} />
          )}
        </form>
        {answer && (
          <PhonePreview
            staffName={answer.asked.staff_name ?? answer.asked.userid}
            corpName={corp?.name ?? ''}
            messages={messagesOf(answer.text ?? '', answer.attachments)}
          />
        )}
      </div>
    </Drawer>
  )
}

function optionOf(one: Considered, t: Say<Words>): WhyOption {
  return {
    key: one.level,
    label: one.name === null ? t(`level.${one.level}`) : `${t(`level.${one.level}`)}「${one.name}」`,
    reason: t(`why.${one.outcome}`, { level: t(`level.${one.level}`) }),
  }
}
