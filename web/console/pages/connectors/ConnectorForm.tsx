import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input, Segmented } from 'antd'
import { useId, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import styles from '../imports/imports.module.css'
import { connectorsKey } from './connectors.ts'
import { MappingFields } from './MappingFields.tsx'
import { cleanMapping, emptyMapping } from './mapping.ts'
import { ToPaste } from './ToPaste.tsx'
import { words } from './words.ts'

const kinds = ['webhook', 'folder'] as const

/** A new webhook or folder: its name, its mapping, and afterwards where the other system puts what it tells. */
export function ConnectorForm({ onDone }: { onDone: () => void }) {
  const t = useWords(words)
  const id = useId()
  const [kind, setKind] = useState<(typeof kinds)[number]>('webhook')
  const [name, setName] = useState('')
  const [mapping, setMapping] = useState(emptyMapping)
  const make = useMutation({
    mutationFn: () =>
      ask(api.POST('/api/connectors', { body: { kind, name: name.trim(), config: { ...cleanMapping(mapping) } } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: connectorsKey }),
  })
  if (make.data)
    return (
      <div className={styles.form}>
        {make.data.connector.address !== null && <ToPaste label={t('address')} value={make.data.connector.address} />}
        {make.data.connector.folder !== null && <ToPaste label={t('folder')} value={make.data.connector.folder} />}
        {make.data.secret !== null && (
          <>
            <ToPaste label={t('secret')} value={make.data.secret} />
            <p className={styles.hint}>{t('secret.how')}</p>
          </>
        )}
        <div>
          <Button type="primary" onClick={onDone}>
            {t('done')}
          </Button>
        </div>
      </div>
    )
  const refusal = make.error ? explain(make.error) : undefined
  return (
    <div className={styles.form}>
      <div className={styles.field}>
        <label htmlFor={id}>{t('name')}</label>
        <Input id={id} value={name} onChange={(event) => setName(event.target.value)} />
      </div>
      <div className={styles.field}>
        <span id={`${id}-kind`}>{t('kind')}</span>
        <div>
          <Segmented
            aria-labelledby={`${id}-kind`}
            value={kind}
            onChange={setKind}
            options={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
          />
        </div>
      </div>
      <MappingFields kind={kind} mapping={mapping} onChange={setMapping} />
      {refusal && <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />}
      <div>
        <Button type="primary" disabled={name.trim() === ''} loading={make.isPending} onClick={() => make.mutate()}>
          {t('save')}
        </Button>
      </div>
    </div>
  )
}
