import { Button, Tabs } from 'antd'
import { type ReactNode, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { useWords } from '#shared/i18n/words.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { type KeysetList, useKeysetList } from '../../lib/useKeysetList.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { KindsTable } from './KindsTable.tsx'
import { useKindText } from './kindNames.ts'
import { MergeDialog } from './MergeDialog.tsx'
import { Because, type Merge, ReasonButton, SideCard, sourceText } from './PersonParts.tsx'
import styles from './persons.module.css'
import { words } from './persons.words.ts'
import { personsKey, usePersonDecisions } from './usePersonDecisions.ts'

type Pair = components['schemas']['PersonPair']
const lists = ['conflicts', 'proposals', 'merges'] as const
const tabs = [...lists, 'kinds'] as const
type Tab = (typeof tabs)[number]

/** Who is one person: what waits for a decision, and what joined. */
export function DuplicatesPage() {
  const t = useWords(words)
  const mayMerge = useMay('customers.merge')
  const [url, changeUrl] = useUrl()
  const [merging, setMerging] = useState(false)
  const tab: Tab = tabs.find((one) => one === url['tab']) ?? 'conflicts'
  return (
    <PageShape
      title={t('title')}
      purpose={t('purpose')}
      action={mayMerge && <Button onClick={() => setMerging(true)}>{t('merge.open')}</Button>}
    >
      <Panel>
        <Tabs
          activeKey={tab}
          onChange={(key) => changeUrl({ tab: key === 'conflicts' ? undefined : key })}
          items={tabs.map((key) => ({ key, label: t(`tab.${key}`) }))}
        />
        {tab === 'conflicts' && <Conflicts mayMerge={mayMerge} />}
        {tab === 'proposals' && <Proposals mayMerge={mayMerge} />}
        {tab === 'merges' && <Merges mayMerge={mayMerge} />}
        {tab === 'kinds' && <KindsTable />}
      </Panel>
      {merging && <MergeDialog onClose={() => setMerging(false)} />}
    </PageShape>
  )
}

function Conflicts({ mayMerge }: { mayMerge: boolean }) {
  const t = useWords(words)
  const kindText = useKindText()
  const { keepApart } = usePersonDecisions()
  const list = useKeysetList<Pair>([...personsKey, 'conflicts'], (cursor) =>
    ask(api.GET('/api/person-conflicts', { params: { query: cursor === undefined ? {} : { cursor } } })),
  )
  return (
    <Pages list={list} tab="conflicts">
      {(pair) => (
        <Panel
          key={`${pair.low.home_id} ${pair.high.home_id}`}
          title={t('conflict.of', { kind: kindText(pair.kind) })}
          aside={
            <span className={styles.quiet}>
              {t('because.evidence', { source: sourceText(pair.source ?? '', t), reference: '' })}
            </span>
          }
        >
          <Both pair={pair}>
            {mayMerge && (
              <ReasonButton
                label={t('decide.apart')}
                text={t('apart.text')}
                onDecide={(reason) => keepApart(pair.low.home_id, pair.high.home_id, reason)}
              />
            )}
          </Both>
        </Panel>
      )}
    </Pages>
  )
}

function Proposals({ mayMerge }: { mayMerge: boolean }) {
  const t = useWords(words)
  const kindText = useKindText()
  const { decide } = usePersonDecisions()
  const list = useKeysetList<Pair>([...personsKey, 'proposals'], (cursor) =>
    ask(api.GET('/api/person-proposals', { params: { query: cursor === undefined ? {} : { cursor } } })),
  )
  return (
    <Pages list={list} tab="proposals">
      {(pair) => (
        <Panel
          key={`${pair.low.home_id} ${pair.high.home_id}`}
          title={pair.kind === 'phone' ? t('proposal.phone') : t('proposal.of', { kind: kindText(pair.kind) })}
        >
          <Both pair={pair}>
            {mayMerge && (
              <>
                <ReasonButton
                  primary
                  label={t('decide.same')}
                  text={t('same.text')}
                  onDecide={(reason) => decide(pair.low.home_id, pair.high.home_id, true, reason)}
                />
                <ReasonButton
                  label={t('decide.apart')}
                  text={t('apart.text')}
                  onDecide={(reason) => decide(pair.low.home_id, pair.high.home_id, false, reason)}
                />
              </>
            )}
          </Both>
        </Panel>
      )}
    </Pages>
  )
}

function Merges({ mayMerge }: { mayMerge: boolean }) {
  const t = useWords(words)
  const { undo } = usePersonDecisions()
  const list = useKeysetList<Merge>([...personsKey, 'merges'], (cursor) =>
    ask(api.GET('/api/person-merges', { params: { query: cursor === undefined ? {} : { cursor } } })),
  )
  return (
    <Pages list={list} tab="merges">
      {(merge) => (
        <Panel key={merge.id} title={t(merge.kind)}>
          <div className={styles.list}>
            <div className={styles.pair}>
              <SideCard side={merge.part} />
              <SideCard side={merge.root} />
            </div>
            <div className={styles.acts}>
              <Because merge={merge} />
              {mayMerge && merge.may_undo && (
                <ReasonButton
                  danger
                  label={t('decide.undo')}
                  text={t('undo.text')}
                  onDecide={(reason) => undo(merge.id, reason)}
                />
              )}
            </div>
          </div>
        </Panel>
      )}
    </Pages>
  )
}

function Both({ pair, children }: { pair: Pair; children: ReactNode }) {
  return (
    <div className={styles.list}>
      <div className={styles.pair}>
        <SideCard side={pair.low} />
        <SideCard side={pair.high} />
      </div>
      <div className={styles.acts}>{children}</div>
    </div>
  )
}

function Pages<Row>({
  list,
  tab,
  children,
}: {
  list: KeysetList<Row>
  tab: (typeof lists)[number]
  children: (row: Row) => ReactNode
}) {
  const t = useWords(words)
  if (list.error && !list.rows) return <ErrorState error={list.error} onRetry={list.refresh} />
  if (!list.rows) return <Loading rows={6} />
  if (list.rows.length === 0) return <EmptyState title={t(`${tab}.none`)} text={t(`${tab}.none.how`)} />
  return (
    <div className={styles.list}>
      {list.rows.map(children)}
      {(list.hasPrevious || list.hasNext) && (
        <div className={styles.acts}>
          <Button disabled={!list.hasPrevious} onClick={list.previous}>
            {t('page.previous')}
          </Button>
          <Button disabled={!list.hasNext} onClick={list.next}>
            {t('page.next')}
          </Button>
        </div>
      )}
    </div>
  )
}
