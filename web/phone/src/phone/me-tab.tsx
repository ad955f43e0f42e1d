import { useWords } from '#shared/i18n/words.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Cell, Cells } from '../parts/cells.tsx'
import { words } from '../words.ts'
import { usePhone } from './context.ts'
import { CorpMark } from './display.tsx'
import styles from './phone.module.css'

export function MeTab() {
  const t = useWords(words)
  const { person } = usePhone()
  return (
    <div className={styles.scroll}>
      <div className={styles.meHead}>
        <Avatar src={person.face} size={64} />
        <div className={styles.meText}>
          <h1 className={styles.meName}>
            {person.name} {person.role === 'staff' && <CorpMark corpName={person.corpName} viewer="customer" />}
          </h1>
          <p className={styles.meId}>
            {t(person.role === 'staff' ? 'me.account' : 'me.wechatId', { id: person.userid ?? person.id })}
          </p>
        </div>
      </div>
      <Cells>
        {person.position && <Cell label={t('me.position')} value={person.position} />}
        {person.departments && person.departments.length > 0 && (
          <Cell
            label={t('me.departments')}
            value={person.departments.map((department) => department.name).join('、')}
          />
        )}
        {person.externalUserId && (
          <Cell label="external_userid" value={<code className={styles.code}>{person.externalUserId}</code>} />
        )}
        {person.unionId && <Cell label="unionid" value={<code className={styles.code}>{person.unionId}</code>} />}
      </Cells>
      <p className={styles.note}>{t(`me.note.${person.role}`)}</p>
    </div>
  )
}
