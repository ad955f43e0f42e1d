import { DeleteOutlined } from '@ant-design/icons'
import { Button, Popconfirm } from 'antd'
import type { components } from '#shared/api/schema.gen.ts'
import { exactCount, money, share } from '#shared/format/number.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import styles from './channels.module.css'
import { Defined } from './Defined.tsx'
import { words } from './words.ts'

export type SideBySide = components['schemas']['ReportSideBySide']
type Row = SideBySide['rows'][number]

const part = (value: number | null) => (value === null ? '–' : share(value))
const fen = (value: number | null) => (value === null ? '–' : money(Math.round(value)))

/** Each channel from whom it reached to what they paid, one beneath the other. */
export function ChannelsTable({
  shown,
  onRemove,
}: {
  shown: SideBySide
  onRemove: ((key: string) => void) | undefined
}) {
  const t = useWords(words)
  const language = useLanguage()
  const { definitions } = shown
  const coupon = shown.coupon !== null
  const name = (row: Row) => (language === 'en' ? row.name.en : row.name.zh)
  const heads = [
    ['col.reached', definitions.reached],
    ...(coupon
      ? ([
          ['col.issued', definitions.issued],
          ['col.claimed', definitions.claimed],
          ['col.redeemed', definitions.redeemed],
          ['col.redeem_rate', definitions.redeem_rate],
        ] as const)
      : []),
  ] as const
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div className={styles.scroll} tabIndex={0}>
      <table className={styles.table}>
        <caption>{t('table.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('col.name')}</th>
            {heads.map(([key, definition]) => (
              <th key={key} scope="col">
                <Defined name={t(key)} definition={definition} />
              </th>
            ))}
            <th scope="col">{t('col.converted')}</th>
            <th scope="col">
              <Defined name={t('col.revenue')} definition={definitions.revenue} />
            </th>
            <th scope="col">
              <Defined name={t('col.cost')} definition={definitions.cost} />
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">
                {name(row)}
                {row.how === 'brought' && onRemove !== undefined && (
                  <Popconfirm
                    title={t('remove', { name: name(row) })}
                    description={t('remove.sure')}
                    okText={t('remove', { name: name(row) })}
                    cancelText={t('back')}
                    onConfirm={() => onRemove(row.key)}
                  >
                    <Button
                      type="text"
                      size="small"
                      icon={<DeleteOutlined />}
                      aria-label={t('remove', { name: name(row) })}
                    />
                  </Popconfirm>
                )}
              </th>
              <td>
                {row.reached === null ? '–' : exactCount(row.reached)}
                {(row.reached === null || row.reached < row.persons) && (
                  <span className={styles.sub}>/ {exactCount(row.persons)}</span>
                )}
              </td>
              {coupon && (
                <>
                  <td>{exactCount(row.issued)}</td>
                  <td>{exactCount(row.claimed)}</td>
                  <td>{exactCount(row.redeemed)}</td>
                  <td>
                    {part(row.redeem_of_issued)}
                    <span className={styles.sub}>{part(row.redeem_of_claimed)}</span>
                  </td>
                </>
              )}
              <td>
                {exactCount(row.converted)}
                <span className={styles.sub}>{part(row.conversion)}</span>
              </td>
              <td>
                {fen(row.gmv)}
                <span className={styles.sub}>
                  {t('col.person')} {fen(row.gmv_person)}
                </span>
              </td>
              <td>{fen(row.cost)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
