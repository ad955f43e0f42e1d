import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Drawer } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { listed } from '#shared/format/list.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { StatusTag } from '../customers/StatusTag.tsx'
import { type AudienceWords, words } from './audience.words.ts'
import styles from './audiences.module.css'
import { type AudienceDetail, type AudienceMember, audiencesKey } from './audiences.ts'
import { WhyTree } from './WhyTree.tsx'
import { type AudienceListWords, words as listWords } from './words.ts'

/** Who is in an audience; a drawer with an address of its own says why. */
export function MembersTab({ audience }: { audience: AudienceDetail }) {
  const t = useWords(words)
  const ofList = useWords(listWords)
  const [url, changeUrl] = useUrl()
  const { id } = audience
  const list = useKeysetList<AudienceMember>(
    [...audiencesKey, 'members', id, audience.computed_at, audience.size],
    (cursor) =>
      ask(
        api.GET('/api/audiences/{id}/members', {
          params: { path: { id }, query: { limit: 50, ...(cursor === undefined ? {} : { cursor }) } },
        }),
      ),
  )
  const why = url['why']
  const asked = list.rows?.find((row) => String(row.customer_id) === why)
  return (
    <>
      <DataTable<AudienceMember>
        id="audience-members"
        name={t('tab.members')}
        list={list}
        columns={columns(t, ofList, (row) => changeUrl({ why: String(row.customer_id) }, { push: true }))}
        rowKey={(row) => String(row.customer_id)}
        empty={<EmptyState title={t('no.members')} text="" />}
      />
      {why !== undefined && (
        <Drawer
          open
          size={560}
          title={t('why.title', { name: asked?.name || ofList('unnamed'), audience: audience.name })}
          onClose={() => changeUrl({ why: undefined })}
        >
          <Reasons audience={audience} customer={Number(why)} />
        </Drawer>
      )}
    </>
  )
}

function Reasons({ audience, customer }: { audience: AudienceDetail; customer: number }) {
  const { id } = audience
  const { data, error, refetch } = useQuery({
    queryKey: [...audiencesKey, 'why', id, customer],
    queryFn: () => ask(api.GET('/api/audiences/{id}/members/{customer}/why', { params: { path: { id, customer } } })),
  })
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  return data ? <WhyTree why={data} computedAt={audience.computed_at} /> : <Loading rows={4} />
}

const statuses = ['alive', 'half', 'lost', 'ended'] as const

function columns(
  t: Say<AudienceWords>,
  ofList: Say<AudienceListWords>,
  onWhy: (row: AudienceMember) => void,
): Column<AudienceMember>[] {
  return [
    {
      key: 'customer',
      title: t('member.customer'),
      fixed: true,
      render: (row) => {
        const name = row.name === '' ? ofList('unnamed') : row.name
        return row.has_page ? (
          <Link to="/customers/list/$id" params={{ id: String(row.customer_id) }}>
            {name}
          </Link>
        ) : (
          <>
            {name} <span className={styles.quiet}>{t('no.page')}</span>
          </>
        )
      },
    },
    {
      key: 'status',
      title: t('member.status'),
      render: (row) => {
        const status = statuses.find((one) => one === row.status)
        return status ? <StatusTag status={status} /> : '–'
      },
    },
    { key: 'staff', title: t('member.staff'), render: (row) => listed(row.staff.slice(0, 3)) || '–' },
    {
      key: 'added',
      title: t('member.added'),
      render: (row) => (row.last_added_at === null ? '–' : <Ago at={row.last_added_at} />),
    },
    {
      key: 'why',
      title: t('member.why'),
      fixed: true,
      render: (row) => (
        <Button type="link" size="small" onClick={() => onWhy(row)}>
          {t('why')}
        </Button>
      ),
    },
  ]
}
