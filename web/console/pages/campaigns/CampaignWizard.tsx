import { useNavigate } from '@tanstack/react-router'
import { Button, Steps } from 'antd'
import { useState } from 'react'
import { Panel } from '../../components/PageShape.tsx'
import { StepBody } from '../../components/StepBody.tsx'
import { explain } from '../../lib/explain.ts'
import { useSession } from '../../lib/session.ts'
import styles from './campaigns.module.css'
import { kindPaths, useKind, useKindWords } from './kind.ts'
import { kindParts } from './kinds.tsx'
import { StepContent } from './StepContent.tsx'
import { StepSubmit } from './StepSubmit.tsx'
import type { StepProps } from './StepWhom.tsx'
import { type Step, steps } from './spec.rules.ts'
import { type Draft, type Kept, useCampaignDraft } from './useCampaignDraft.ts'
import { useSpecFaults } from './useSpecFaults.ts'
import { words } from './wizard.words.ts'

/** From the goal to what waits for approval, in four steps, with the phone and the numbers beside. */
export function CampaignWizard({ start, kept }: { start: Draft; kept: Kept | undefined }) {
  const t = useKindWords(words)
  const kind = useKind()
  const { Whom, Sending, Counts, Preview } = kindParts[kind]
  const navigate = useNavigate()
  const { corp } = useSession()
  const state = useCampaignDraft(start, kept, (id) =>
    // the address names it from now on; past the router, which would make the editor under the reader's hands anew
    History.prototype.replaceState.call(window.history, window.history.state, '', `${kindPaths[kind]}/${id}/edit`),
  )
  const { name, spec } = state.draft
  const [at, setAt] = useState(0)
  const [asked, setAsked] = useState<ReadonlySet<Step>>(() => new Set())
  const [shown, setShown] = useState(0)
  const step = steps[at] ?? 'submit'
  const { faults, check, fresh } = useSpecFaults(state.draft)
  const goTo = (to: number) => {
    setAsked((before) => new Set([...before, step]))
    setAt(to)
    window.scrollTo(0, 0)
    void state.save()
  }
  const props: StepProps = {
    ...{ name, spec },
    change: (part) =>
      state.change({
        ...(part.name === undefined ? {} : { name: part.name }),
        ...(part.spec === undefined ? {} : { spec: { ...spec, ...part.spec } }),
      }),
    faultOf: (field, but) => {
      const said = faults
        .filter((one) => one.field === field || one.field.startsWith(`${field}.`))
        .filter((one) => but === undefined || !one.field.startsWith(but))
        .filter((one) => one.atOnce || asked.has(one.step))
        .map((one) => one.said)
      return said.length === 0 ? undefined : [...new Set(said)].join(' ')
    },
  }
  const variant = Math.min(shown, spec.variants.length - 1)
  const content = spec.variants[variant]?.content
  const text = fresh ? check?.texts[variant]?.preview : undefined
  return (
    <div className={styles.wizard}>
      <Panel>
        <Steps
          className={styles.steps ?? ''}
          responsive={false}
          size="small"
          current={at}
          onChange={goTo}
          items={steps.map((one, place) => ({ title: t(`step.${one}`), status: statusOf(one, place) }))}
        />
        <StepBody name={t(`step.${step}`)} className={styles.step}>
          {step === 'whom' && <Whom {...props} />}
          {step === 'content' && <StepContent {...props} check={check} shown={shown} onShow={setShown} />}
          {step === 'sending' && <Sending {...props} />}
          {step === 'submit' && (
            <StepSubmit
              draft={state}
              faults={faults}
              goTo={(to) => goTo(steps.indexOf(to))}
              onDone={(id) => void navigate({ to: `${kindPaths[kind]}/${id}` })}
            />
          )}
        </StepBody>
        <div className={styles.moves}>
          <SavedLine state={state} />
          {at > 0 && <Button onClick={() => goTo(at - 1)}>{t('back')}</Button>}
          {at < steps.length - 1 && (
            <Button type="primary" onClick={() => goTo(at + 1)}>
              {t('next')}
            </Button>
          )}
        </div>
      </Panel>
      <aside className={step === 'content' ? styles.phoneFirst : styles.side}>
        <Counts spec={spec} />
        <Preview
          staffName={t('preview.staff')}
          corpName={corp?.name ?? ''}
          values={{ 品牌: corp?.name ?? '', 少打扰: t('preview.less') }}
          text={text ?? content?.text ?? ''}
          attachments={content?.attachments ?? []}
        />
      </aside>
    </div>
  )

  function statusOf(one: Step, place: number): 'error' | 'finish' | 'process' | 'wait' {
    if (place === at) return 'process'
    const wrong = faults.some((fault) => fault.step === one && fault.stops)
    if (wrong && asked.has(one)) return 'error'
    return place < at && !wrong ? 'finish' : 'wait'
  }
}

function SavedLine({ state }: { state: ReturnType<typeof useCampaignDraft> }) {
  const t = useKindWords(words)
  if (state.saving !== 'failed')
    return (
      <span className={styles.quiet} role="status">
        {t(`save.${state.saving}`, { version: state.kept?.version ?? 1 })}
      </span>
    )
  const { title, hint } = explain(state.error)
  return (
    <span className={styles.bad} role="alert">
      {t('save.failed', { why: `${title}${hint}` })}
      <Button type="link" onClick={() => void state.save()}>
        {t('save.again')}
      </Button>
    </span>
  )
}
