import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Input } from 'antd'
import { useId, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { listed } from '#shared/format/list.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import styles from '../imports/imports.module.css'
import { type Connector, connectorsKey } from './connectors.ts'
import { words as fieldWords } from './field.words.ts'
import { fieldName } from './fieldName.ts'
import { MappingFields } from './MappingFields.tsx'
import { changedFields, cleanMapping, emptyMapping, type Mapping, mappingOf } from './mapping.ts'
import { words } from './words.ts'

const settingWords = { kind: 'facts', source: 'source', items: 'items', lines: 'lines', money: 'money' } as const
const isSetting = (field: string): field is keyof typeof settingWords => Object.hasOwn(settingWords, field)

/** The settings of a connector that is there: edited, tried, kept as its next version; an earlier one can be taken again. */
export function ConnectorEdit({ one, onDone }: { one: Connector; onDone: () => void }) {
  const t = useWords(words)
  const id = useId()
  const { message } = App.useApp()
  const [name, setName] = useState(one.name)
  const [mapping, setMapping] = useState<Mapping>(() => mappingOf(one) ?? emptyMapping)
  const save = useMutation({
    mutationFn: () =>
      ask(
        api.PUT('/api/connectors/{id}', {
          params: { path: { id: one.id } },
          body: { name: name.trim(), config: { ...cleanMapping(mapping) }, enabled: one.enabled, version: one.version },
        }),
      ),
    onSuccess: async ({ version }) => {
      void message.success(t('edit.saved', { version: String(version) }))
      await queryClient.invalidateQueries({ queryKey: connectorsKey })
      onDone()
    },
  })
  const refusal = save.error ? explain(save.error) : undefined
  const kind = one.kind === 'folder' ? 'folder' : 'webhook'
  return (
    <div className={styles.form}>
      <p className={styles.hint}>{t('edit.how')}</p>
      <div className={styles.field}>
        <label htmlFor={id}>{t('name')}</label>
        <Input id={id} value={name} onChange={(event) => setName(event.target.value)} />
      </div>
      <MappingFields kind={kind} mapping={mapping} onChange={setMapping} />
      {refusal && <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />}
      <div className={styles.acts}>
        <Button type="primary" disabled={name.trim() === ''} loading={save.isPending} onClick={() => save.mutate()}>
          {t('save')}
        </Button>
        <Button onClick={onDone}>{t('edit.cancel')}</Button>
      </div>
      <Versions one={one} onTake={setMapping} />
    </div>
  )
}

function Versions({ one, onTake }: { one: Connector; onTake: (mapping: Mapping) => void }) {
  const t = useWords(words)
  const ofFields = useWords(fieldWords)
  const found = useQuery({
    queryKey: [...connectorsKey, one.id, 'versions', one.version],
    queryFn: () => ask(api.GET('/api/connectors/{id}/versions', { params: { path: { id: one.id } } })),
  })
  const versions = found.data?.items ?? []
  const mappings = versions.map(({ config }) => mappingOf({ kind: one.kind, config }) ?? emptyMapping)
  const said = (at: number) => {
    const [after, before] = [mappings[at], mappings[at + 1]]
    if (after === undefined || before === undefined) return t('version.first')
    const fields = changedFields(before, after)
    const names = fields.map((field) =>
      isSetting(field) ? t(settingWords[field]) : fieldName(ofFields, after.kind, field),
    )
    return fields.length === 0 ? t('version.same') : t('version.changed', { fields: listed(names) })
  }
  return (
    <section>
      <h2 className={styles.heading}>{t('versions')}</h2>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <tbody>
            {versions.map(({ version, at, by }, place) => (
              <tr key={version}>
                <td className="num">{t('version', { version: String(version) })}</td>
                <td>{said(place)}</td>
                <td>
                  {by ?? t('version.machine')}
                  <p className={styles.hint}>{exactTime(at)}</p>
                </td>
                <td>
                  {place > 0 && (
                    <Button size="small" onClick={() => onTake(mappings[place] ?? emptyMapping)}>
                      {t('version.take')}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
