import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Alert, App, Button, Input, InputNumber, Select, TimePicker } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { minuteOfDay, timeOfDay } from '../../lib/timeOfDay.ts'
import styles from './audiences.module.css'
import { type AudienceDetail, audiencesKey, audiencesPath, everyHours, type Kind, kinds } from './audiences.ts'
import { words } from './builder.words.ts'
import { PreviewPane } from './PreviewPane.tsx'
import { RuleTree } from './RuleTree.tsx'
import { newGroup, type Rule, treeOf } from './ruleTree.ts'
import { usePreview } from './usePreview.ts'
import { words as listWords } from './words.ts'

/** Makes an audience, or changes one, with the count beside. */
export function AudienceBuilderPage() {
  const { id }: { id?: string } = useParams({ strict: false })
  const { data, error, refetch } = useQuery({
    queryKey: [...audiencesKey, 'one', id],
    queryFn: () => ask(api.GET('/api/audiences/{id}', { params: { path: { id: id ?? '' } } })),
    enabled: id !== undefined,
    refetchOnWindowFocus: false,
  })
  if (id === undefined) return <Builder audience={undefined} />
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  return data ? <Builder key={data.version} audience={data} /> : <Loading rows={10} />
}

interface Draft {
  name: string
  description: string
  kind: Kind
  every_hours: (typeof everyHours)[number]
  at_minute: number
  drift_percent: number | null
  note: string
}

function draftOf(audience: AudienceDetail | undefined): Draft {
  return {
    ...{ name: audience?.name ?? '', description: audience?.description ?? '', kind: audience?.kind ?? 'refreshed' },
    every_hours: everyHours.find((hours) => hours === audience?.every_hours) ?? 24,
    ...{ at_minute: audience?.at_minute ?? 180, drift_percent: audience?.drift_percent ?? null, note: '' },
  }
}

function Builder({ audience }: { audience: AudienceDetail | undefined }) {
  const t = useWords(words)
  const ofList = useWords(listWords)
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [draft, setDraft] = useState(() => draftOf(audience))
  const [root, setRoot] = useState(() => (audience ? treeOf(asRule(audience.rule)) : newGroup()))
  const preview = usePreview(root)
  const { written } = preview
  const save = useMutation({
    mutationFn: async () => {
      const body = { ...draft, rule: JSON.parse(JSON.stringify(written.rule)) }
      return audience
        ? ask(
            api.PUT('/api/audiences/{id}', {
              params: { path: { id: audience.id } },
              body: { ...body, version: audience.version },
            }),
          )
        : ask(api.POST('/api/audiences', { body }))
    },
    onSuccess: async (saved) => {
      void message.success(t('saved', { count: exactCount(saved.size ?? 0) }))
      await queryClient.invalidateQueries({ queryKey: audiencesKey })
      await navigate({ to: `${audiencesPath}/${saved.id}` })
    },
  })
  const failure = save.error && explain(save.error)
  const ready = draft.name.trim() !== '' && written.rule !== undefined && written.unfinished === 0
  const back = audience ? `${audiencesPath}/${audience.id}` : audiencesPath
  return (
    <PageShape
      title={t(audience ? 'builder.edit' : 'builder.new')}
      purpose={t('builder.purpose')}
      action={
        <div className={styles.acts}>
          <Button onClick={() => void navigate({ to: back })}>{ofList('cancel')}</Button>
          <Button type="primary" disabled={!ready} loading={save.isPending} onClick={() => save.mutate()}>
            {preview.fresh && preview.data?.exact && ready
              ? t('save.new', { count: exactCount(preview.data.count) })
              : t('save')}
          </Button>
        </div>
      }
    >
      {failure && <Alert type="error" showIcon title={failure.title} description={failure.hint} role="alert" />}
      <div className={styles.build}>
        <div className={styles.left}>
          <Panel title={t('builder.rule')}>
            <RuleTree root={root} onChange={setRoot} counts={preview.counts} self={audience?.id} />
          </Panel>
          <Panel title={t('builder.about')}>
            <About draft={draft} onChange={setDraft} edited={audience !== undefined} />
          </Panel>
        </div>
        <div className={styles.side}>
          <PreviewPane preview={preview} />
        </div>
      </div>
    </PageShape>
  )
}

const asRule = (rule: unknown): Rule => Object(rule)

function About({ draft, onChange, edited }: { draft: Draft; onChange: (draft: Draft) => void; edited: boolean }) {
  const t = useWords(words)
  const ofList = useWords(listWords)
  const id = useId()
  const change = (part: Partial<Draft>) => onChange({ ...draft, ...part })
  return (
    <div className={styles.form}>
      <Field id={`${id}-name`} label={t('name')}>
        <Input
          id={`${id}-name`}
          maxLength={60}
          value={draft.name}
          onChange={(event) => change({ name: event.target.value })}
        />
      </Field>
      <Field id={`${id}-description`} label={t('description')}>
        <Input
          id={`${id}-description`}
          maxLength={300}
          placeholder={t('description.hint')}
          value={draft.description}
          onChange={(event) => change({ description: event.target.value })}
        />
      </Field>
      <Field id={`${id}-kind`} label={t('kind')} hint={ofList(`kind.${draft.kind}.how`)}>
        <Select<Kind>
          id={`${id}-kind`}
          value={draft.kind}
          options={kinds.map((kind) => ({ value: kind, label: ofList(`kind.${kind}`) }))}
          onChange={(kind) => change({ kind })}
        />
      </Field>
      {draft.kind === 'refreshed' && (
        <>
          <Field id={`${id}-every`} label={t('every')}>
            <Select<Draft['every_hours']>
              id={`${id}-every`}
              value={draft.every_hours}
              options={everyHours.map((hours) => ({
                ...{ value: hours, label: hours === 24 ? t('every.day') : t('every.hours', { hours }) },
              }))}
              onChange={(every_hours) => change({ every_hours })}
            />
          </Field>
          <Field id={`${id}-at`} label={t('at')}>
            <TimePicker
              id={`${id}-at`}
              className={styles.wide ?? ''}
              format="HH:mm"
              allowClear={false}
              value={timeOfDay(draft.at_minute)}
              onChange={(time) => time && change({ at_minute: minuteOfDay(time) })}
            />
          </Field>
        </>
      )}
      {draft.kind !== 'static' && (
        <Field id={`${id}-drift`} label={t('drift.most')}>
          <InputNumber
            id={`${id}-drift`}
            className={styles.wide ?? ''}
            min={1}
            max={1_000}
            precision={0}
            placeholder={t('drift.default')}
            value={draft.drift_percent}
            onChange={(drift_percent) => change({ drift_percent })}
          />
        </Field>
      )}
      {edited && (
        <Field id={`${id}-note`} label={t('note')}>
          <Input
            id={`${id}-note`}
            maxLength={200}
            value={draft.note}
            onChange={(event) => change({ note: event.target.value })}
          />
        </Field>
      )}
    </div>
  )
}

function Field({ id, label, hint, children }: { id: string; label: string; hint?: string; children: ReactNode }) {
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children}
      {hint !== undefined && <span className={styles.quiet}>{hint}</span>}
    </div>
  )
}
