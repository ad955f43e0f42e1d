import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { AnotherCorp } from './AnotherCorp.tsx'
import { CallbackKeys } from './CallbackKeys.tsx'
import { Copyable } from './Copy.tsx'
import { CorpForm } from './CorpForm.tsx'
import styles from './guide.module.css'
import type { Guide, Step } from './guide.ts'
import { OwnershipFiles } from './OwnershipFiles.tsx'
import { SecretForm } from './SecretForm.tsx'
import { words } from './words.ts'

/** What a step asks for: how, where in the admin console, its own controls, and the tick where no interface tells. */
export function StepBody({ guide, step }: { guide: Guide; step: Step }) {
  const t = useWords(words)
  return (
    <div className={styles.body}>
      {step.findings.map((title) => (
        <Alert key={title} type="error" showIcon title={title} />
      ))}
      <p className={styles.text}>{step.how}</p>
      {step.menu_path !== null && (
        <div className={styles.path}>
          <span className={styles.quiet}>{t('path')}</span>
          <span className={styles.trail}>{step.menu_path}</span>
        </div>
      )}
      <Controls guide={guide} step={step} />
      {guide.corp !== null && <Tick guide={guide} step={step} />}
    </div>
  )
}

function Controls({ guide, step }: { guide: Guide; step: Step }) {
  const t = useWords(words)
  const host = new URL(guide.public_url).host
  switch (step.id) {
    case 'corp':
      return guide.corp === null ? (
        <CorpForm guide={guide} />
      ) : (
        <>
          <SecretForm guide={guide} appKey="nuanyu" />
          <AnotherCorp guide={guide} />
        </>
      )
    case 'callback':
      return guide.corp === null ? null : <CallbackKeys guide={guide} appKey="nuanyu" />
    case 'contacts':
      return guide.corp === null ? null : (
        <>
          <SecretForm guide={guide} appKey="contacts" />
          <CallbackKeys guide={guide} appKey="contacts" />
        </>
      )
    case 'ownership':
      return guide.corp === null ? null : <OwnershipFiles guide={guide} />
    case 'redirect_domain':
    case 'trusted_domain':
      return (
        <dl className={styles.values}>
          <dt>{t('address.host')}</dt>
          <dd>
            <Copyable label={t('address.host')} value={host} />
          </dd>
        </dl>
      )
    case 'network':
      return (
        <dl className={styles.values}>
          <dt>{t('ips.outbound')}</dt>
          <dd>{ips(guide.outbound_ips, t('ips.outbound'), t('ips.none'))}</dd>
          <dt>{t('ips.inbound')}</dt>
          <dd>{ips(guide.inbound_ips, t('ips.inbound'), t('ips.none'))}</dd>
        </dl>
      )
    default:
      return null
  }
}

function ips(list: readonly string[], label: string, none: string) {
  return list.length === 0 ? none : <Copyable label={label} value={list.join(' ')} />
}

function Tick({ guide, step }: { guide: Guide; step: Step }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const mark = useMutation({
    mutationFn: (state: 'done' | 'skipped' | 'open') =>
      ask(api.PUT('/api/guide/steps/{step}', { params: { path: { step: step.id } }, body: { state } })),
    onSuccess: (after) => queryClient.setQueryData(['guide'], after),
    onError: (error) => message.error(explain(error).title),
  })
  const marked = step.by !== null
  return (
    <div className={styles.actions}>
      {guide.may_write && !marked && step.state !== 'done' && (
        <>
          {!step.seen && (
            <Button type="primary" loading={mark.isPending} onClick={() => mark.mutate('done')}>
              {t('step.done')}
            </Button>
          )}
          {step.id !== 'corp' && <Button onClick={() => mark.mutate('skipped')}>{t('step.skip')}</Button>}
        </>
      )}
      {guide.may_write && marked && <Button onClick={() => mark.mutate('open')}>{t('step.reopen')}</Button>}
      <span className={styles.quiet}>
        {marked ? t('step.by', { name: step.by ?? '' }) : t(step.seen ? 'step.seen' : 'step.tick')}
      </span>
    </div>
  )
}
