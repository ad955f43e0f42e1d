import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input, Segmented } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import styles from '../imports/imports.module.css'
import { factKinds } from './connectors.ts'
import { words as fieldWords } from './field.words.ts'
import { fieldName } from './fieldName.ts'
import { cleanMapping, fieldsShown, type Mapping } from './mapping.ts'
import { words } from './words.ts'

/** The editor of a mapping: what is told, which value fills which field, and a sample to try it on before it is kept. */
export function MappingFields({
  kind,
  mapping,
  onChange,
}: {
  kind: 'webhook' | 'folder'
  mapping: Mapping
  onChange: (next: Mapping) => void
}) {
  const t = useWords(words)
  const ofFields = useWords(fieldWords)
  const nameOf = (field: string) => fieldName(ofFields, mapping.kind, field)
  const [added, setAdded] = useState('')
  const change = (part: Partial<Mapping>) => onChange({ ...mapping, ...part })
  const add = () => {
    if (added.trim() !== '') change({ fields: { ...mapping.fields, [added.trim()]: '' } })
    setAdded('')
  }
  return (
    <>
      <Labelled label={t('facts')}>
        {(label) => (
          <Segmented
            aria-labelledby={label}
            value={mapping.kind}
            onChange={(facts) => change({ kind: facts })}
            options={factKinds.map((value) => ({ value, label: t(`facts.${value}`) }))}
          />
        )}
      </Labelled>
      <Text
        label={t('source')}
        hint={t('source.hint')}
        value={mapping.source}
        onChange={(source) => change({ source })}
      />
      {kind === 'webhook' && (
        <Text label={t('items')} hint={t('items.hint')} value={mapping.items} onChange={(items) => change({ items })} />
      )}
      {mapping.kind === 'orders' && kind === 'webhook' && (
        <Text label={t('lines')} value={mapping.lines} onChange={(lines) => change({ lines })} />
      )}
      <Labelled label={t('money')}>
        {(label) => (
          <Segmented
            aria-labelledby={label}
            value={mapping.money}
            onChange={(money) => change({ money })}
            options={(['yuan', 'fen'] as const).map((value) => ({ value, label: t(`money.${value}`) }))}
          />
        )}
      </Labelled>
      <div className={styles.scroll}>
        <table className={styles.table} aria-label={t('mapping')}>
          <thead>
            <tr>
              <th>{t('mapping.field')}</th>
              <th>{t(kind === 'folder' ? 'mapping.column' : 'mapping.path')}</th>
            </tr>
          </thead>
          <tbody>
            {fieldsShown(mapping).map((field) => (
              <tr key={field}>
                <td>
                  {nameOf(field)}
                  {nameOf(field) !== field && <code className={styles.path}>{field}</code>}
                </td>
                <td>
                  <Input
                    aria-label={nameOf(field)}
                    value={mapping.fields[field] ?? ''}
                    onChange={(event) => change({ fields: { ...mapping.fields, [field]: event.target.value } })}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={styles.acts}>
        <Input
          className={styles.pick}
          aria-label={t('mapping.other')}
          placeholder={t('mapping.other')}
          value={added}
          onChange={(event) => setAdded(event.target.value)}
          onPressEnter={add}
        />
        <Button disabled={added.trim() === ''} onClick={add}>
          {t('mapping.add')}
        </Button>
      </div>
      <Sample kind={kind} mapping={mapping} nameOf={nameOf} />
    </>
  )
}

function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div className={styles.field}>
      <span id={id}>{label}</span>
      <div>{children(id)}</div>
    </div>
  )
}

function Text(props: { label: string; hint?: string; value: string; onChange: (value: string) => void }) {
  const id = useId()
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{props.label}</label>
      <Input id={id} value={props.value} onChange={(event) => props.onChange(event.target.value)} />
      {props.hint !== undefined && <p className={styles.hint}>{props.hint}</p>}
    </div>
  )
}

type NameOf = (field: string) => string

function Sample({ kind, mapping, nameOf }: { kind: 'webhook' | 'folder'; mapping: Mapping; nameOf: NameOf }) {
  const t = useWords(words)
  const id = useId()
  const [sample, setSample] = useState('')
  const format = kind === 'folder' ? ('csv' as const) : ('json' as const)
  const attempt = useMutation({
    mutationFn: () =>
      ask(api.POST('/api/connectors/try', { body: { mapping: cleanMapping(mapping), sample, format } })),
  })
  const refusal = attempt.error ? explain(attempt.error) : undefined
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{t(`sample.${format}`)}</label>
      <Input.TextArea id={id} rows={6} value={sample} onChange={(event) => setSample(event.target.value)} />
      <div>
        <Button disabled={sample.trim() === ''} loading={attempt.isPending} onClick={() => attempt.mutate()}>
          {t('test')}
        </Button>
      </div>
      {refusal && <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />}
      {attempt.data && <Tried facts={attempt.data.facts} nameOf={nameOf} />}
    </div>
  )
}

interface TriedFact {
  fact: Record<string, unknown>
  field: string | null
  reason: string | null
  hint: string | null
}

function Tried({ facts, nameOf }: { facts: readonly TriedFact[]; nameOf: NameOf }) {
  const t = useWords(words)
  const wrong = facts.find(({ reason }) => reason !== null)
  if (wrong)
    return (
      <Alert
        type="warning"
        showIcon
        role="status"
        title={t('test.fault', { field: nameOf(wrong.field ?? ''), reason: wrong.reason ?? '' })}
        description={wrong.hint}
      />
    )
  return (
    <Alert
      type="success"
      showIcon
      role="status"
      title={t('test.ok', { count: String(facts.length) })}
      description={<pre className={styles.sample}>{JSON.stringify(facts[0]?.fact, null, 2)}</pre>}
    />
  )
}
