import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { App, Button, Tabs, Tag } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { listed } from '#shared/format/list.ts'
import { exactCount, share } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { ExportButton } from '../exports/ExportButton.tsx'
import { RuleDialog } from '../tags/RuleDialog.tsx'
import { tagsKey } from '../tags/tags.ts'
import { words } from './audience.words.ts'
import styles from './audiences.module.css'
import { type AudienceDetail, audiencesKey, audiencesPath } from './audiences.ts'
import { Drift } from './Drift.tsx'
import { HistoryTab } from './HistoryTab.tsx'
import { MembersTab } from './MembersTab.tsx'
import { OverlapTab } from './OverlapTab.tsx'
import { words as listWords } from './words.ts'

/** One audience: how many, by what, who, how it moved, and what it shares with others. */
export function AudiencePage() {
  const t = useWords(words)
  const ofList = useWords(listWords)
  const { id = '' }: { id?: string } = useParams({ strict: false })
  const [url, changeUrl] = useUrl()
  const { data, error, refetch } = useQuery({
    queryKey: [...audiencesKey, 'one', id],
    queryFn: () => ask(api.GET('/api/audiences/{id}', { params: { path: { id } } })),
    refetchInterval: 5_000,
  })
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading rows={10} />
  return (
    <PageShape
      title={data.name}
      purpose={data.description === '' ? ofList(`kind.${data.kind}.how`) : data.description}
      action={<Acts audience={data} />}
    >
      <Head audience={data} />
      <Panel>
        <Tabs
          activeKey={url['tab'] ?? 'members'}
          onChange={(tab) => changeUrl({ tab: tab === 'members' ? undefined : tab, why: undefined })}
          items={[
            { key: 'members', label: t('tab.members'), children: <MembersTab audience={data} /> },
            { key: 'history', label: t('tab.history'), children: <HistoryTab id={id} /> },
            { key: 'overlap', label: t('tab.overlap'), children: <OverlapTab id={id} size={data.size ?? 0} /> },
            { key: 'versions', label: t('tab.versions'), children: <Versions audience={data} /> },
          ]}
        />
      </Panel>
    </PageShape>
  )
}

function Head({ audience }: { audience: AudienceDetail }) {
  const t = useWords(words)
  const ofList = useWords(listWords)
  const language = useLanguage()
  const { size, of } = audience
  const catalogue = useQuery({ queryKey: tagsKey, queryFn: () => ask(api.GET('/api/tags')) }).data
  const tagged = (catalogue?.groups ?? [])
    .flatMap((group) => group.tags)
    .filter(({ rule }) => rule?.audience_id === audience.id)
  return (
    <Panel>
      <div className={styles.facts}>
        <p className={styles.big}>{size === null ? '–' : exactCount(size)}</p>
        {size !== null && of !== null && of > 0 && (
          <span className={styles.quiet}>{ofList('share', { share: share(size / of) })}</span>
        )}
        <Tag color={audience.kind === 'live' ? 'success' : 'default'}>{ofList(`kind.${audience.kind}`)}</Tag>
        <span className={styles.quiet}>
          {ofList('column.drift')} <Drift item={audience} />
        </span>
        <span className={styles.quiet}>
          {audience.computed_at === null
            ? ofList('never')
            : t(audience.kind === 'live' ? 'as.of.live' : 'as.of', { time: exactTime(audience.computed_at) })}
          {audience.next_at !== null && ` · ${t('next', { time: exactTime(audience.next_at) })}`}
        </span>
      </div>
      <p className={styles.sentence}>{language === 'en' ? audience.words.en : audience.words.zh}</p>
      {tagged.length > 0 && (
        <p className={styles.quiet}>
          {t('tags.by')} {listed(tagged.map(({ name }) => name))}
        </p>
      )}
      {audience.used_by.length > 0 && (
        <p className={styles.quiet}>
          {t('used.by')}{' '}
          {audience.used_by.map(({ id, name }) => (
            <Link key={id} to="/customers/segments/$id" params={{ id }}>
              {name}{' '}
            </Link>
          ))}
        </p>
      )}
    </Panel>
  )
}

function Acts({ audience }: { audience: AudienceDetail }) {
  const t = useWords(words)
  const ofList = useWords(listWords)
  const navigate = useNavigate()
  const { modal, message } = App.useApp()
  const mayWrite = useMay('audiences.write')
  const mayTag = useMay('tags.write')
  const [tagging, setTagging] = useState(false)
  const { id, name } = audience
  const failed = (error: Error) => void message.error(`${explain(error).title} ${explain(error).hint}`)
  const compute = useMutation({
    mutationFn: () => ask(api.POST('/api/audiences/{id}/compute', { params: { path: { id } } })),
    onSuccess: () => void message.success(t('computing')),
    onError: failed,
  })
  const archive = useMutation({
    mutationFn: () => api.DELETE('/api/audiences/{id}', { params: { path: { id } } }),
    onSuccess: async () => {
      await navigate({ to: audiencesPath })
      await queryClient.invalidateQueries({ queryKey: audiencesKey })
    },
    onError: failed,
  })
  const confirm = () =>
    modal.confirm({
      title: t('archive.title', { name }),
      content: t('archive.text', { count: exactCount(audience.size ?? 0) }),
      okText: t('archive.yes', { name }),
      okButtonProps: { danger: true },
      cancelText: ofList('cancel'),
      onOk: () => archive.mutateAsync().catch(() => undefined),
    })
  return (
    <div className={styles.acts}>
      {mayWrite && (
        <>
          <Button onClick={confirm}>{t('archive')}</Button>
          <Button loading={compute.isPending} onClick={() => compute.mutate()}>
            {t('compute')}
          </Button>
        </>
      )}
      {mayTag && audience.kind !== 'static' && <Button onClick={() => setTagging(true)}>{t('tag')}</Button>}
      {tagging && <RuleDialog audience={{ id, name }} onClose={() => setTagging(false)} />}
      <ExportButton kind="audience" filters={{ audience: id }} filtered />
      {mayWrite && (
        <Button type="primary" onClick={() => void navigate({ to: `${audiencesPath}/${id}/edit` })}>
          {t('edit')}
        </Button>
      )}
    </div>
  )
}

function Versions({ audience }: { audience: AudienceDetail }) {
  const t = useWords(words)
  const language = useLanguage()
  return (
    <ul className={styles.versions}>
      {audience.versions.map(({ version, words: said, note, created_at, by }) => (
        <li key={version}>
          <strong>{t('versions.of', { version })}</strong>{' '}
          <span className={styles.quiet}>
            {exactTime(created_at)}
            {by !== null && ` · ${t('versions.by', { by })}`}
            {note !== '' && ` · ${note}`}
          </span>
          <p className={styles.sentence}>{language === 'en' ? said.en : said.zh}</p>
        </li>
      ))}
    </ul>
  )
}
