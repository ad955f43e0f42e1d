import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Drawer, Input, InputNumber, Select, Switch } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import styles from './fields.module.css'
import { type CustomField, draftOf, type FieldDraft, fieldsKey, kinds, newDraft } from './fields.ts'
import { words } from './words.ts'

/** Makes a field, or changes one: its kind and whether it is personal stay. */
export function FieldDrawer({ field, onClose }: { field: CustomField | undefined; onClose: () => void }) {
  const t = useWords(words)
  const id = useId()
  const { message } = App.useApp()
  const [draft, setDraft] = useState<FieldDraft>(field ? draftOf(field) : newDraft)
  const change = (changed: Partial<FieldDraft>) => setDraft({ ...draft, ...changed })
  const bound = (key: keyof FieldDraft['bounds'], value: number | null) => {
    const { [key]: _, ...rest } = draft.bounds
    change({ bounds: value === null ? rest : { ...rest, [key]: value } })
  }
  const save = useMutation({
    mutationFn: async () => {
      const { name, bounds, kind, personal } = draft
      const choices = draft.choices.map((value) => ({ value, archived: false }))
      if (field)
        await api.PUT('/api/custom-fields/{id}', {
          params: { path: { id: field.id } },
          body: { name, bounds, choices },
        })
      else await ask(api.POST('/api/custom-fields', { body: { name, bounds, choices, kind, personal } }))
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: fieldsKey })
      void message.success(t('saved'))
      onClose()
    },
  })
  const failure = save.error && explain(save.error)
  const number = (key: keyof FieldDraft['bounds'], label: string, least?: number, most?: number) => (
    <Field id={`${id}-${key}`} label={label}>
      <InputNumber
        id={`${id}-${key}`}
        className={styles.wide ?? ''}
        value={draft.bounds[key] ?? null}
        {...(least === undefined ? {} : { min: least })}
        {...(most === undefined ? {} : { max: most })}
        onChange={(value) => bound(key, value)}
      />
    </Field>
  )
  return (
    <Drawer
      open
      size={480}
      title={t(field ? 'edit.title' : 'new.title')}
      onClose={onClose}
      footer={
        <div className={styles.foot}>
          <Button
            type="primary"
            loading={save.isPending}
            disabled={draft.name.trim() === ''}
            onClick={() => save.mutate()}
          >
            {t('save')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      }
    >
      <div className={styles.form}>
        {failure && <Alert type="error" title={failure.title} description={failure.hint} role="alert" />}
        <Field id={`${id}-name`} label={t('field.name')}>
          <Input
            id={`${id}-name`}
            maxLength={30}
            value={draft.name}
            onChange={(event) => change({ name: event.target.value })}
          />
        </Field>
        <Field id={`${id}-kind`} label={t('field.kind')}>
          <Select<FieldDraft['kind']>
            id={`${id}-kind`}
            className={styles.wide ?? ''}
            value={draft.kind}
            disabled={field !== undefined}
            options={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
            onChange={(kind) => change({ kind, choices: [], bounds: {} })}
          />
        </Field>
        {(draft.kind === 'choice' || draft.kind === 'choices') && (
          <Field id={`${id}-choices`} label={t('field.choices')} hint={t('field.choices.hint')}>
            <Select<string[]>
              id={`${id}-choices`}
              className={styles.wide ?? ''}
              mode="tags"
              open={false}
              suffixIcon={null}
              tokenSeparators={['、', ',', '，']}
              value={draft.choices}
              onChange={(choices) => change({ choices })}
            />
          </Field>
        )}
        {draft.kind === 'text' && number('most', t('field.most'), 1, 500)}
        {draft.kind === 'number' && (
          <>
            {number('least', t('field.least'))}
            {number('greatest', t('field.greatest'))}
            {number('decimals', t('field.decimals'), 0, 2)}
          </>
        )}
        <Field id={`${id}-personal`} label={t('field.personal')} hint={t('field.personal.hint')}>
          <Switch
            id={`${id}-personal`}
            checked={draft.personal}
            disabled={field !== undefined}
            onChange={(personal) => change({ personal })}
          />
        </Field>
      </div>
    </Drawer>
  )
}

function Field({
  id,
  label,
  hint,
  children,
}: {
  id: string
  label: string
  hint?: string | undefined
  children: ReactNode
}) {
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children}
      {hint !== undefined && <p className={styles.hint}>{hint}</p>}
    </div>
  )
}
