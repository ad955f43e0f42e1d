import { InfoCircleOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Popover, Segmented } from 'antd'
import { lazy, Suspense, useCallback, useMemo, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount, money, share, shortCount } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { explain } from '../../lib/explain.ts'
import { useMay } from '../../lib/session.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { BuyersDrawer } from './BuyersDrawer.tsx'
import styles from './rfm.module.css'
import { type Axis, type Cell, cellsOf, type RfmMap, rfmKey, scores } from './rfm.ts'
import { TiersDrawer } from './TiersDrawer.tsx'
import { words } from './words.ts'

const HeatCanvas = lazy(() => import('./HeatCanvas.tsx').then((module) => ({ default: module.HeatCanvas })))

/** Where buyers stand by RFM, what tiers come of it, and who they are. */
export function RfmPage() {
  const t = useWords(words)
  const mayDefine = useMay('customers.define')
  const { message } = App.useApp()
  const [url, changeUrl] = useUrl()
  const { data, error, refetch } = useQuery({ queryKey: rfmKey, queryFn: () => ask(api.GET('/api/rfm')) })
  const refresh = useMutation({
    mutationFn: () => ask(api.POST('/api/rfm/refresh')),
    onSuccess: () => void message.success(t('refreshing')),
    onError: (failure) => void message.error(explain(failure).title),
  })
  const compute = mayDefine && (
    <Button type="primary" loading={refresh.isPending} onClick={() => refresh.mutate()}>
      {t('refresh')}
    </Button>
  )
  return (
    <PageShape title={t('title')} purpose={t('purpose')} action={compute}>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={10} />}
      {data && data.cells.length === 0 && (
        <Panel>
          <EmptyState title={t('none.title')} text={t('none.text')} />
        </Panel>
      )}
      {data && data.cells.length > 0 && <Heat map={data} />}
      {data && <Tiers map={data} mayDefine={mayDefine} />}
      {url['list'] !== undefined && data && (
        <BuyersDrawer
          tiers={data.tiers}
          filter={url}
          onClose={() => changeUrl({ list: undefined, r: undefined, f: undefined, m: undefined, tier: undefined })}
        />
      )}
      {url['open'] === 'tiers' && data && (
        <TiersDrawer tiers={data.tiers} onClose={() => changeUrl({ open: undefined })} />
      )}
    </PageShape>
  )
}

function Heat({ map }: { map: RfmMap }) {
  const t = useWords(words)
  const [url, changeUrl] = useUrl()
  const [asTable, setAsTable] = useState(false)
  const axis: Axis = url['axis'] === 'm' ? 'm' : 'f'
  const cells = useMemo(() => cellsOf(map, axis), [map, axis])
  const write = useCallback(
    (cell: Cell, narrow: boolean) => {
      const buyers = shortCount(cell.buyers)
      return narrow ? buyers : `${t('buyers', { buyers })}\n${money(cell.net)}`
    },
    [t],
  )
  const open = (cell: Cell) =>
    changeUrl({ list: 'cell', r: String(cell.r), [axis]: String(cell.score), tier: undefined }, { push: true })
  return (
    <Panel
      title={t('map.title')}
      aside={
        <div className={styles.acts}>
          <Definition map={map} />
          <Segmented<Axis>
            aria-label={t('axis.label')}
            value={axis}
            options={(['f', 'm'] as const).map((value) => ({ value, label: t(`axis.${value}`) }))}
            onChange={(value) => changeUrl({ axis: value === 'f' ? undefined : value })}
          />
        </div>
      }
    >
      <p className={styles.quiet}>{t(`map.of.${axis}`)}</p>
      {asTable ? (
        <HeatTable cells={cells} axis={axis} onOpen={open} />
      ) : (
        <Suspense fallback={<Loading rows={8} />}>
          <HeatCanvas name={t('map.name')} cells={cells} axis={axis} write={write} onOpen={open} />
        </Suspense>
      )}
      <div className={styles.foot}>
        <Button type="link" size="small" onClick={() => setAsTable(!asTable)}>
          {t(asTable ? 'show.chart' : 'show.table')}
        </Button>
        <span className={styles.quiet}>
          {map.snapshot
            ? t('as.of', { time: exactTime(map.snapshot.at), buyers: exactCount(map.snapshot.buyers) })
            : t('as.of.never')}
        </span>
      </div>
    </Panel>
  )
}

function HeatTable({ cells, axis, onOpen }: { cells: readonly Cell[]; axis: Axis; onOpen: (cell: Cell) => void }) {
  const t = useWords(words)
  const name = axis.toUpperCase()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div className={styles.scroll} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <td />
            {scores.map((r) => (
              <th key={r} scope="col">{`R ${r}`}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {scores.toReversed().map((score) => (
            <tr key={score}>
              <th scope="row">{`${name} ${score}`}</th>
              {cells
                .filter((cell) => cell.score === score)
                .map((cell) => (
                  <td key={cell.r}>
                    {cell.buyers === 0 ? (
                      '–'
                    ) : (
                      <Button
                        type="link"
                        size="small"
                        className={styles.cell ?? ''}
                        aria-label={t('cell.name', {
                          ...{ r: cell.r, axis: name, score },
                          ...{ buyers: exactCount(cell.buyers), money: money(cell.net) },
                        })}
                        onClick={() => onOpen(cell)}
                      >
                        {t('buyers', { buyers: exactCount(cell.buyers) })}
                      </Button>
                    )}
                    {cell.buyers > 0 && <div className={styles.quiet}>{money(cell.net)}</div>}
                  </td>
                ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Definition({ map }: { map: RfmMap }) {
  const t = useWords(words)
  const bounds = map.snapshot?.bounds
  return (
    <Popover
      trigger="click"
      title={t('definition')}
      content={
        <div className={styles.definition}>
          <p>{t('definition.m39')}</p>
          {bounds && (
            <>
              <p>
                {t('definition.bounds', {
                  r: bounds.r.join(' / '),
                  f: bounds.f.join(' / '),
                  m: bounds.m.map(money).join(' / '),
                })}
              </p>
              <p className={styles.quiet}>{t('definition.bounds.how')}</p>
            </>
          )}
        </div>
      }
    >
      <Button type="text" icon={<InfoCircleOutlined />}>
        {t('definition')}
      </Button>
    </Popover>
  )
}

function Tiers({ map, mayDefine }: { map: RfmMap; mayDefine: boolean }) {
  const t = useWords(words)
  const language = useLanguage()
  const [, changeUrl] = useUrl()
  const all = map.cells.reduce((sum, cell) => sum + cell.net, 0)
  return (
    <Panel
      title={t('tiers.title')}
      aside={
        mayDefine && <Button onClick={() => changeUrl({ open: 'tiers' }, { push: true })}>{t('tiers.edit')}</Button>
      }
    >
      <p className={styles.quiet}>{t('tiers.how')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div className={styles.scroll} tabIndex={0}>
        <table className={styles.table}>
          <thead>
            <tr>
              {(['tier', 'rule', 'buyers', 'net', 'share'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {map.tiers.map((tier) => (
              <tr key={tier.id}>
                <th scope="row">{tier.name}</th>
                <td>{language === 'en' ? tier.words.en : tier.words.zh}</td>
                <td>
                  {tier.buyers === 0 ? (
                    '0'
                  ) : (
                    <Button
                      type="link"
                      size="small"
                      className={styles.cell ?? ''}
                      onClick={() => changeUrl({ list: 'tier', tier: tier.id }, { push: true })}
                    >
                      {exactCount(tier.buyers)}
                    </Button>
                  )}
                </td>
                <td>{money(tier.net)}</td>
                <td>{all === 0 ? '–' : share(tier.net / all)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
