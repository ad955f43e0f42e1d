import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input, Segmented } from 'antd'
import { useId, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { Copyable } from '../guide/Copy.tsx'
import styles from '../imports/imports.module.css'
import { connectorsKey, type FactKind, factKinds, usualFields } from './connectors.ts'
import { words } from './words.ts'

const kinds = ['webhook', 'folder'] as const

/** A webhook or a folder: what it tells, and which value fills which field, tried on a sample before it is kept. */
export function ConnectorForm({ onDone }: { onDone: () => void }) {
  const t = useWords(words)
  const id = useId()
  const [kind, setKind] = useState<(typeof kinds)[number]>('webhook')
  const [name, setName] = useState('')
  const [facts, setFacts] = useState<FactKind>('orders')
  const [source, setSource] = useState('shop')
  const [items, setItems] = useState('')
  const [lines, setLines] = useState('')
  const [money, setMoney] = useState<'fen' | 'yuan'>('yuan')
  const [paths, setPaths] = useState<Readonly<Record<string, string>>>({})
  const [sample, setSample] = useState('')
  const fields = Object.fromEntries(
    usualFields[facts].flatMap((field) => (paths[field] ? [[field, paths[field]]] : [])),
  )
  const mapping = { kind: facts, source, items, lines, money, fields }
  const attempt = useMutation({
    mutationFn: () => ask(api.POST('/api/connectors/try', { body: { mapping, sample } })),
  })
  const make = useMutation({
    mutationFn: () => ask(api.POST('/api/connectors', { body: { kind, name: name.trim(), config: mapping } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: connectorsKey }),
  })
  if (make.data)
    return (
      <div className={styles.form}>
        {make.data.connector.address !== null && <Copyable label={t('address')} value={make.data.connector.address} />}
        {make.data.connector.folder !== null && <Copyable label={t('folder')} value={make.data.connector.folder} />}
        {make.data.secret !== null && (
          <>
            <Copyable label={t('secret')} value={make.data.secret} />
            <p className={styles.hint}>{t('secret.how')}</p>
          </>
        )}
        <div>
          <Button type="primary" onClick={onDone}>
            {t('save')}
          </Button>
        </div>
      </div>
    )
  const failure = make.error ?? attempt.error
  const refusal = failure ? explain(failure) : undefined
  const text = (label: string, value: string, change: (next: string) => void, hint?: string) => (
    <div className={styles.field}>
      <label htmlFor={`${id}-${label}`}>{label}</label>
      <Input id={`${id}-${label}`} value={value} onChange={(event) => change(event.target.value)} />
      {hint && <p className={styles.hint}>{hint}</p>}
    </div>
  )
  return (
    <div className={styles.form}>
      {text(t('name'), name, setName)}
      <Segmented
        aria-label={t('kind')}
        value={kind}
        onChange={setKind}
        options={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
      />
      <Segmented
        aria-label={t('facts')}
        value={facts}
        onChange={setFacts}
        options={factKinds.map((value) => ({ value, label: t(`facts.${value}`) }))}
      />
      {text(t('source'), source, setSource, t('source.hint'))}
      {kind === 'webhook' && text(t('items'), items, setItems, t('items.hint'))}
      {facts === 'orders' && kind === 'webhook' && text(t('lines'), lines, setLines)}
      <Segmented
        aria-label={t('money')}
        value={money}
        onChange={setMoney}
        options={(['yuan', 'fen'] as const).map((value) => ({ value, label: t(`money.${value}`) }))}
      />
      <div className={styles.scroll}>
        <table className={styles.table} aria-label={t('mapping')}>
          <thead>
            <tr>
              <th>{t('mapping.field')}</th>
              <th>{t('mapping.path')}</th>
            </tr>
          </thead>
          <tbody>
            {usualFields[facts].map((field) => (
              <tr key={field}>
                <td>
                  <code>{field}</code>
                </td>
                <td>
                  <Input
                    aria-label={field}
                    value={paths[field] ?? ''}
                    onChange={(event) => setPaths({ ...paths, [field]: event.target.value })}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={styles.field}>
        <label htmlFor={`${id}-sample`}>{t('sample')}</label>
        <Input.TextArea
          id={`${id}-sample`}
          rows={6}
          value={sample}
          onChange={(event) => setSample(event.target.value)}
        />
        <div>
          <Button disabled={sample === ''} loading={attempt.isPending} onClick={() => attempt.mutate()}>
            {t('test')}
          </Button>
        </div>
      </div>
      {attempt.data && <Tried facts={attempt.data.facts} />}
      {refusal && <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />}
      <div>
        <Button type="primary" disabled={name.trim() === ''} loading={make.isPending} onClick={() => make.mutate()}>
          {t('save')}
        </Button>
      </div>
    </div>
  )
}

interface TriedFact {
  fact: Record<string, unknown>
  field: string | null
  reason: string | null
  hint: string | null
}

function Tried({ facts }: { facts: readonly TriedFact[] }) {
  const t = useWords(words)
  const wrong = facts.find(({ reason }) => reason !== null)
  if (wrong)
    return (
      <Alert
        type="warning"
        showIcon
        title={t('test.fault', { field: wrong.field ?? '', reason: wrong.reason ?? '' })}
        description={wrong.hint}
      />
    )
  return (
    <Alert
      type="success"
      showIcon
      title={t('test.ok', { count: String(facts.length) })}
      description={<pre className={styles.samples}>{JSON.stringify(facts[0]?.fact, null, 2)}</pre>}
    />
  )
}
