import { useQuery } from '@tanstack/react-query'
import { Alert, Segmented } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { exactCount, money } from '#shared/format/number.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { campaignKey, type ReportParts as Parts, type ReportPart } from './campaign.ts'
import styles from './campaigns.module.css'
import { Defined } from './channels/Defined.tsx'
import reportStyles from './report.module.css'
import { type ReportWords, words } from './report.words.ts'

const parts = ['store', 'sender', 'variant', 'hour', 'earner'] as const
const counts = ['planned', 'asked', 'confirmed', 'delivered', 'opened', 'converted', 'deleted', 'orders'] as const

/** The same figures by store, sender, variant, hour or who earned; their sums are those above. */
export function ReportParts({ campaignId, run }: { campaignId: string; run: number }) {
  const t = useWords(words)
  const language = useLanguage()
  const [url, changeUrl] = useUrl()
  const by = parts.find((one) => one === url['by']) ?? 'sender'
  const read = (cursor: string | undefined) =>
    ask(
      api.GET('/api/campaigns/{id}/report/parts', {
        params: { path: { id: campaignId }, query: { by, run, ...(cursor === undefined ? {} : { cursor }) } },
      }),
    )
  const key = [...campaignKey(campaignId), 'parts', run, by]
  const list = useKeysetList<ReportPart>(key, read)
  const whole = useQuery({ queryKey: [...key, 'total'], queryFn: () => read(undefined) })
  const total = whole.data?.total
  return (
    <Panel
      title={t('parts.title')}
      flush
      aside={
        <div className={reportStyles.choices}>
          <Segmented<(typeof parts)[number]>
            value={by}
            options={parts.map((one) => ({ value: one, label: t(`part.${one}`) }))}
            onChange={(next) => changeUrl({ by: next === 'sender' ? undefined : next })}
          />
        </div>
      }
    >
      <div className={styles.inset}>
        {whole.data && (
          <Alert
            type={whole.data.random ? 'info' : 'warning'}
            showIcon
            title={language === 'en' ? whole.data.warning.en : whole.data.warning.zh}
          />
        )}
        {total && (
          <p className={styles.quiet}>
            {t('parts.total')}：{counts.map((one) => `${t(`part.${one}`)} ${exactCount(total[one])}`).join(' · ')} ·{' '}
            {t('part.credited')} {money(total.credited)}
          </p>
        )}
      </div>
      <DataTable<ReportPart>
        id="campaign-parts"
        name={t('parts.title')}
        list={list}
        columns={columnsOf(t, by, whole.data?.definitions)}
        rowKey={(row) => row.key}
        empty={<EmptyState title={t('parts.none')} text={t('none.how')} />}
      />
    </Panel>
  )
}

function columnsOf(
  t: Say<ReportWords>,
  by: (typeof parts)[number],
  definitions: Parts['definitions'] | undefined,
): Column<ReportPart>[] {
  const head = (key: (typeof counts)[number] | 'credited') => ({
    ...{ key, title: t(`part.${key}`), align: 'right' as const },
    ...(definitions && { heading: <Defined name={t(`part.${key}`)} definition={definitions[key]} /> }),
  })
  return [
    {
      ...{ key: 'name', title: t(`part.${by}`), fixed: true },
      render: (row) => row.name || row.key || t('parts.nobody'),
    },
    ...counts.map(
      (one): Column<ReportPart> => ({
        ...head(one),
        render: (row) => <span className="num">{exactCount(row[one])}</span>,
      }),
    ),
    {
      ...head('credited'),
      render: (row) => <span className="num">{money(row.credited)}</span>,
    },
  ]
}
