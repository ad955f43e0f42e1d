import { useQuery } from '@tanstack/react-query'
import { Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FactList } from '../../components/FactList.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { sceneText } from './standing.ts'
import styles from './weixin.module.css'
import { words } from './words.ts'

type Standing = components['schemas']['CustomerWeixin']['items'][number]
type Consent = components['schemas']['CustomerWeixin']['consents'][number]

/** On a customer's page: whether he follows, how he came, when he wrote and visited. */
export function CustomerWeixin({ id }: { id: number }) {
  const t = useWords(words)
  const { data, error, refetch } = useQuery({
    queryKey: ['weixin', 'customer', id],
    queryFn: () => ask(api.GET('/api/customers/{id}/weixin', { params: { path: { id } } })),
    // he may follow or open the mini program while the page is open
    refetchInterval: 3_000,
  })
  return (
    <Panel title={t('title')}>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={2} />}
      {data?.items.length === 0 && <p className={styles.quiet}>{t('none')}</p>}
      {data?.items.map((one) => (
        <Account
          key={`${one.appid} ${one.followed_at} ${one.visited_at}`}
          one={one}
          consents={data.consents.filter(({ appid }) => appid === one.appid)}
        />
      ))}
    </Panel>
  )
}

function Account({ one, consents }: { one: Standing; consents: readonly Consent[] }) {
  const t = useWords(words)
  const official = one.kind === 'official_account'
  const moment = (label: string, at: string | null, beside?: string | null) =>
    at === null
      ? []
      : [
          {
            label,
            value: (
              <>
                <Ago at={at} />
                {beside ? ` · ${beside}` : ''}
              </>
            ),
          },
        ]
  const scene = sceneText(one, t)
  return (
    <section className={styles.account} aria-label={one.name}>
      <h3 className={styles.name}>
        {one.name} <span className={styles.kind}>{t(`kind.${one.kind}`)}</span>
        {official && (
          <Tag color={one.following ? 'success' : 'default'}>
            {t(one.following ? 'following' : one.ended_at === null ? 'never' : 'ended')}
          </Tag>
        )}
      </h3>
      <FactList
        facts={[
          ...moment(t('since'), one.followed_at),
          ...(one.following ? [] : moment(t('endedAt'), one.ended_at)),
          ...(scene === undefined ? [] : [{ label: t('scene'), value: scene }]),
          ...moment(t('scanned'), one.scanned_at, one.scanned_scene),
          ...moment(t('wrote'), one.wrote_at),
          ...moment(t('visited'), one.visited_at),
          ...(one.visits > 0 ? [{ label: t('visits'), value: one.visits }] : []),
        ]}
      />
      {consents.length > 0 && (
        <>
          <h4 className={styles.consentsTitle}>{t('consents')}</h4>
          <ul className={styles.consents}>
            {consents.map((consent) => (
              <ConsentLine key={consent.template_id} consent={consent} />
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

/** Messages of one template: how many may still be sent, and how he answered before. */
function ConsentLine({ consent }: { consent: Consent }) {
  const t = useWords(words)
  const counts = [
    ...(consent.accepted > 0 ? [t('consents.accepted', { count: consent.accepted })] : []),
    ...(consent.rejected > 0 ? [t('consents.rejected', { count: consent.rejected })] : []),
    ...(consent.sent > 0 ? [t('consents.sent', { count: consent.sent })] : []),
    ...(consent.failed > 0 ? [t('consents.failed', { count: consent.failed })] : []),
  ]
  const off = consent.refused_at !== null && consent.left === 0
  return (
    <li className={styles.consent}>
      <span className={styles.consentName}>{consent.title ?? t('consents.unnamed')}</span>
      <Tag color={consent.left > 0 ? 'success' : 'default'}>
        {off ? t('consents.off') : t('consents.left', { count: consent.left })}
      </Tag>
      <span className={styles.quiet}>
        {counts.join(' · ')} · <Ago at={consent.latest_at} />
      </span>
    </li>
  )
}
