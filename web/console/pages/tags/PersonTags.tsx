import { useQuery } from '@tanstack/react-query'
import { Button, Popover, Select, Tag } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { customersKey } from '../customers/customers.ts'
import { ConsentDialog } from './ConsentDialog.tsx'
import { PersonTagFacts } from './PersonTagFacts.tsx'
import { sourceWords } from './source.words.ts'
import styles from './tags.module.css'
import { type PersonTag, tagsKey } from './tags.ts'
import { useTagChanges } from './useTagChanges.ts'
import { words } from './words.ts'

/** A customer's tags: whose word each is; one click opens the list, a second puts a tag on or takes it off. */
export function PersonTags({ id }: { id: number }) {
  const t = useWords(words)
  const mayWrite = useMay('customers.write')
  const carryOut = useTagChanges()
  const [adding, setAdding] = useState(false)
  const [consenting, setConsenting] = useState(false)
  const path = { params: { path: { id } } }
  const { data, error, refetch } = useQuery({
    queryKey: [...customersKey, 'tags', id],
    queryFn: () => ask(api.GET('/api/customers/{id}/tags', path)),
    // what is on its way arrives while the page is open
    refetchInterval: 5_000,
  })
  const put = (tagId: string, says: boolean) =>
    carryOut(() => ask(api.POST('/api/customers/{id}/tags', { ...path, body: { tag_id: tagId, says } })))
  return (
    <Panel
      title={t('person.title')}
      aside={
        mayWrite && (
          <span className={styles.acts}>
            <Button size="small" onClick={() => setConsenting(true)}>
              {t('person.consent')}
            </Button>
            <Button size="small" type="primary" onClick={() => setAdding(!adding)}>
              {t('person.add')}
            </Button>
          </span>
        )
      }
    >
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={2} />}
      {data && (
        <div className={styles.dialog}>
          {adding && (
            <AddTag
              has={data.items}
              onAdd={(tagId) => {
                setAdding(false)
                void put(tagId, true)
              }}
            />
          )}
          <div className={styles.persons}>
            {data.items.length === 0 && <span className={styles.quiet}>{t('person.none')}</span>}
            {data.items.map((one) => (
              <TagChip key={one.tag_id} tag={one} mayWrite={mayWrite} onPut={put} />
            ))}
          </div>
          {data.corrected.length > 0 && (
            <div className={styles.persons}>
              <span className={styles.quiet}>{t('person.corrected')}</span>
              {data.corrected.map((one) => (
                <TagChip key={one.tag_id} tag={one} mayWrite={mayWrite} onPut={put} />
              ))}
            </div>
          )}
          {data.consents.map((one) => (
            <p key={one.group_id} className={styles.quiet}>
              {one.group} ·{' '}
              {t(one.given ? 'person.consent.given' : 'person.consent.refused', { evidence: one.evidence })} ·{' '}
              {exactTime(one.at)}
            </p>
          ))}
        </div>
      )}
      {consenting && <ConsentDialog id={id} onClose={() => setConsenting(false)} />}
    </Panel>
  )
}

/** All tags that he has not, found by typing; choosing one puts it on. */
function AddTag({ has, onAdd }: { has: readonly PersonTag[]; onAdd: (tagId: string) => void }) {
  const t = useWords(words)
  const { data } = useQuery({ queryKey: tagsKey, queryFn: () => ask(api.GET('/api/tags')) })
  const own = new Set(has.map((one) => one.tag_id))
  return (
    <Select
      className={styles.choose}
      aria-label={t('person.add.search')}
      placeholder={t('person.add.search')}
      autoFocus
      defaultOpen
      loading={data === undefined}
      showSearch={{ optionFilterProp: 'label' }}
      onSelect={(tagId: string) => onAdd(tagId)}
      options={(data?.groups ?? []).map((group) => ({
        label: group.name,
        options: group.tags.filter((tag) => !own.has(tag.id)).map((tag) => ({ value: tag.id, label: tag.name })),
      }))}
    />
  )
}

/** A hand's word and a guess are told apart at a glance; the word beside the name says which source it is. */
const colours = {
  manual: 'success',
  wecom: 'default',
  import: 'default',
  rule: 'processing',
  event: 'default',
  inferred: 'warning',
} as const

function TagChip({
  tag,
  mayWrite,
  onPut,
}: {
  tag: PersonTag
  mayWrite: boolean
  onPut: (tagId: string, says: boolean) => Promise<boolean>
}) {
  const t = useWords(words)
  const sourceText = useWords(sourceWords)
  const isGuess = tag.source === 'inferred' && tag.has
  return (
    <Popover
      trigger="click"
      title={`${tag.name} · ${tag.group}`}
      content={
        <div className={styles.dialog}>
          <PersonTagFacts tag={tag} />
          {mayWrite && tag.has && (
            <>
              {isGuess && (
                <p className={styles.quiet}>
                  {t('person.wrong.text', { group: tag.exclusive ? t('person.wrong.group') : '' })}
                </p>
              )}
              <Button size="small" danger onClick={() => void onPut(tag.tag_id, false)}>
                {isGuess ? t('person.wrong') : t('person.remove', { name: tag.name })}
              </Button>
            </>
          )}
          {mayWrite && !tag.has && (
            <Button size="small" onClick={() => void onPut(tag.tag_id, true)}>
              {t('person.restore')}
            </Button>
          )}
        </div>
      }
    >
      <Tag
        className={styles.chip}
        role="button"
        tabIndex={0}
        color={tag.has ? colours[tag.source] : 'default'}
        {...(tag.has ? {} : { style: { textDecoration: 'line-through' } })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === ' ') event.currentTarget.click()
        }}
      >
        {tag.name} · {sourceText(tag.source)}
        {tag.refused === null ? (tag.pending === null ? '' : ' …') : ' !'}
      </Tag>
    </Popover>
  )
}
