import { Drawer, Tag } from 'antd'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { FactList } from '../../components/FactList.tsx'
import { isRole } from '../accounts/account.ts'
import { words as accountWords } from '../accounts/words.ts'
import styles from './audit.module.css'
import { actionName, changesOf, type Entry, outcomeColours, thingName } from './entry.ts'
import { words } from './words.ts'

export function AuditDrawer({ entry, onClose }: { entry: Entry | undefined; onClose: () => void }) {
  const t = useWords(words)
  return (
    <Drawer
      open={entry !== undefined}
      onClose={onClose}
      size={640}
      title={t('detail.title', { seq: entry?.seq ?? '' })}
      destroyOnHidden
    >
      {entry && <Detail entry={entry} />}
    </Drawer>
  )
}

function Detail({ entry }: { entry: Entry }) {
  const t = useWords(words)
  const accounts = useWords(accountWords)
  const { summary } = entry
  const changes = changesOf(summary)
  const role = isRole(entry.account.role) ? accounts(`role.${entry.account.role}`) : entry.account.role
  const facts = [
    { label: t('at'), value: exactTime(entry.at) },
    {
      label: t('account'),
      value: entry.account.name === '' ? t('system') : `${entry.account.name} · ${role}`,
    },
    { label: t('action'), value: actionName(entry.action, t) },
    {
      label: t('outcome'),
      value: <Tag color={outcomeColours[entry.outcome]}>{t(`outcome.${entry.outcome}`)}</Tag>,
    },
    { label: t('object'), value: `${thingName(entry.object.kind, t)} ${entry.object.id ?? ''}` },
    ...(summary.reason === undefined ? [] : [{ label: t('reason'), value: summary.reason }]),
    ...(summary.count === undefined ? [] : [{ label: t('count'), value: summary.count }]),
    { label: t('from'), value: entry.ip === '' ? '–' : entry.ip },
  ]
  return (
    <div className={styles.detail}>
      <FactList facts={facts} />
      {changes.length === 0 ? (
        <p className={styles.quiet}>{t('nothing')}</p>
      ) : (
        <section>
          <h3 className={styles.heading}>{t('changes')}</h3>
          <table className={styles.changes}>
            <thead>
              <tr>
                <th scope="col">{t('field')}</th>
                <th scope="col">{t('before')}</th>
                <th scope="col">{t('after')}</th>
              </tr>
            </thead>
            <tbody>
              {changes.map((change) => (
                <tr key={change.field} className={change.changed ? styles.changed : styles.quiet}>
                  <th scope="row">{change.field}</th>
                  <td>{change.before}</td>
                  <td>{change.after}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <dl className={styles.small}>
        <dt>{t('device')}</dt>
        <dd>{entry.user_agent === '' ? '–' : entry.user_agent}</dd>
        <dt>{t('request')}</dt>
        <dd>{entry.request_id}</dd>
        <dt>{t('hash')}</dt>
        <dd>{entry.hash}</dd>
      </dl>
    </div>
  )
}
