import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Input, Switch } from 'antd'
import { useId, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { ApiError } from '#shared/api/errors.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import styles from './app-messages.module.css'
import { ButtonsField, type MessageButton } from './ButtonsField.tsx'
import { CardPreview } from './CardPreview.tsx'
import { words } from './words.ts'

type Template = components['schemas']['AppMessageTemplate']
const key = ['app-message-templates'] as const

/** What each kind of message says, in the brand's own words. */
export function WordsPanel() {
  const t = useWords(words)
  const templates = useQuery({ queryKey: key, queryFn: () => ask(api.GET('/api/app-messages/templates')) })
  if (templates.isPending) return <Loading rows={6} />
  if (templates.isError) return <ErrorState error={templates.error} onRetry={() => void templates.refetch()} />
  return (
    <Panel title={t('words.title')}>
      <p className={styles.how}>{t('words.how')}</p>
      <div className={styles.kinds}>
        {templates.data.items.map((template) => (
          <Kind key={`${template.kind} ${template.changed_at}`} template={template} />
        ))}
      </div>
    </Panel>
  )
}

function Kind({ template }: { template: Template }) {
  const t = useWords(words)
  const language = useLanguage() === 'en' ? 'en' : 'zh'
  const mayWrite = useMay('campaigns.write')
  const id = useId()
  const [text, setText] = useState(template.words)
  const [enabled, setEnabled] = useState(template.enabled)
  const [buttons, setButtons] = useState<readonly MessageButton[]>(template.buttons)
  const save = useMutation({
    mutationFn: () =>
      ask(
        api.PUT('/api/app-messages/templates/{kind}', {
          params: { path: { kind: template.kind } },
          body: { enabled, words: text, buttons: [...buttons] },
        }),
      ),
    onSuccess: (answer) => queryClient.setQueryData(key, answer),
  })
  const refusal = save.error ? explain(save.error) : undefined
  const changed =
    text !== template.words ||
    enabled !== template.enabled ||
    JSON.stringify(buttons) !== JSON.stringify(template.buttons)
  const faultAt = buttonAt(save.error)
  const change = (next: readonly MessageButton[]) => {
    save.reset()
    setButtons(next)
  }
  return (
    <form
      className={styles.kind}
      aria-label={template.name[language]}
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <div className={styles.head}>
        <label className={styles.name} htmlFor={`${id}-words`}>
          {template.name[language]}
        </label>
        <Switch
          checked={enabled}
          disabled={!mayWrite}
          aria-label={`${template.name[language]} · ${t('words.enabled')}`}
          onChange={setEnabled}
        />
      </div>
      <Input.TextArea
        id={`${id}-words`}
        value={text}
        disabled={!mayWrite || !enabled}
        maxLength={300}
        autoSize={{ minRows: 1, maxRows: 4 }}
        onChange={(event) => setText(event.target.value)}
      />
      <div className={styles.variables}>
        <span>{t('words.variables')}</span>
        {template.variables.map((name) => (
          <Button
            key={name}
            size="small"
            disabled={!mayWrite || !enabled}
            onClick={() => setText((before) => `${before}{${name}}`)}
          >
            {`{${name}}`}
          </Button>
        ))}
      </div>
      {template.deeds.length > 0 && (
        <ButtonsField
          of={template.name[language]}
          buttons={buttons}
          deeds={template.deeds}
          disabled={!mayWrite || !enabled}
          fault={faultAt === undefined || refusal === undefined ? undefined : { at: faultAt, said: refusal.title }}
          onChange={change}
        />
      )}
      {buttons.length > 0 && <CardPreview title={template.name.zh} text={text} buttons={buttons} />}
      {template.deeds.length === 0 && <p className={styles.quiet}>{t('buttons.given')}</p>}
      {refusal && faultAt === undefined && (
        <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />
      )}
      {mayWrite && (
        <div className={styles.acts}>
          <Button
            htmlType="submit"
            type="primary"
            disabled={!changed || text.trim() === '' || buttons.some((one) => one.text.trim() === '')}
            loading={save.isPending}
          >
            {t('words.save')}
          </Button>
          {text !== template.standard && (
            <Button type="link" onClick={() => setText(template.standard)}>
              {t('words.standard')}
            </Button>
          )}
        </div>
      )}
    </form>
  )
}

/** At which button the server found a fault. */
function buttonAt(error: unknown): number | undefined {
  const details = error instanceof ApiError ? error.details : undefined
  if (typeof details !== 'object' || details === null || !('button' in details)) return undefined
  return typeof details.button === 'number' ? details.button : undefined
}
