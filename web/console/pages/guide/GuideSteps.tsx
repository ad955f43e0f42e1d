import { DownOutlined, RightOutlined } from '@ant-design/icons'
import { Alert, Progress, Tag } from 'antd'
import { useId } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { Panel } from '../../components/PageShape.tsx'
import { useUrl } from '../../lib/useUrl.ts'
import styles from './guide.module.css'
import { type Guide, nextStep, progressOf, type Step, stateColours } from './guide.ts'
import { StepBody } from './StepBody.tsx'
import { words } from './words.ts'

const groups = ['prepare', 'connect', 'ranges', 'domains', 'optional', 'habits'] as const

/** All steps by group; the one to do next is open. */
export function GuideSteps({ guide }: { guide: Guide }) {
  const t = useWords(words)
  const [url, changeUrl] = useUrl()
  const { done, total, problems } = progressOf(guide.steps)
  const open = url.step ?? (guide.corp === null ? 'corp' : nextStep(guide.steps))
  return (
    <div className={styles.stack}>
      <div className={styles.summary}>
        <div className={styles.bar}>
          <Progress percent={Math.round((done / total) * 100)} aria-label={t('progress', { done, total })} />
        </div>
        <span>{t('progress', { done, total })}</span>
        {problems > 0 && <Tag color="error">{t('problems', { count: problems })}</Tag>}
      </div>
      {guide.sandbox && <Alert type="info" showIcon title={t('sandbox')} />}
      {!guide.may_write && <Alert type="info" showIcon title={t('readonly')} />}
      {groups.map((group) => (
        <Panel key={group} title={t(`group.${group}`)} flush>
          <ol className={styles.steps}>
            {guide.steps
              .filter((step) => step.group === group)
              .map((step) => (
                <StepView
                  key={step.id}
                  guide={guide}
                  step={step}
                  open={open === step.id}
                  onToggle={() => changeUrl({ step: open === step.id ? 'none' : step.id })}
                />
              ))}
          </ol>
        </Panel>
      ))}
    </div>
  )
}

interface StepViewProps {
  guide: Guide
  step: Step
  open: boolean
  onToggle: () => void
}

function StepView({ guide, step, open, onToggle }: StepViewProps) {
  const t = useWords(words)
  const id = useId()
  return (
    <li className={styles.step}>
      <button type="button" className={styles.head} aria-expanded={open} aria-controls={id} onClick={onToggle}>
        {open ? <DownOutlined aria-hidden="true" /> : <RightOutlined aria-hidden="true" />}
        <span className={styles.name}>{step.title}</span>
        <Tag color={stateColours[step.state]}>{t(`state.${step.state}`)}</Tag>
      </button>
      <div id={id} hidden={!open}>
        {open && <StepBody guide={guide} step={step} />}
      </div>
    </li>
  )
}
