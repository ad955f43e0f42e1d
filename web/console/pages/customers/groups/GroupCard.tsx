import { Tag } from 'antd'
import type { components } from '#shared/api/schema.gen.ts'
import { exactTime } from '#shared/format/time.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import styles from '../customers.module.css'
import { type GroupWords, groupWords } from './words.ts'

type CustomerGroup = components['schemas']['CustomerGroup']

/** One group: whose it is, since when and how the customer is in it, or how he left. */
export function GroupCard({ group }: { group: CustomerGroup }) {
  const t = useWords(groupWords)
  const name = group.name === '' ? t('unnamed') : group.name
  const { state } = group
  return (
    <article className={group.present ? styles.card : styles.pastCard} aria-label={name}>
      <div className={styles.cardHead}>
        <strong>{name}</strong>
        <span className={styles.quiet}>{t('owner', { name: group.owner.name })}</span>
        {group.present && state !== 'normal' && state !== 'dismissed' && <Tag>{t(`state.${state}`)}</Tag>}
      </div>
      <div className={styles.quiet}>{[...sinceOf(group, t), ...howOf(group, t), ...untilOf(group, t)].join(' · ')}</div>
    </article>
  )
}

function sinceOf(group: CustomerGroup, t: Say<GroupWords>): string[] {
  return group.joined_at === null ? [] : [t('joined', { at: exactTime(group.joined_at) })]
}

function untilOf(group: CustomerGroup, t: Say<GroupWords>): string[] {
  if (group.present || group.left_at === null) return []
  return [t(`left.${group.left_by ?? 'null'}`, { at: exactTime(group.left_at) })]
}

function howOf(group: CustomerGroup, t: Say<GroupWords>): string[] {
  const nickname = group.nickname === '' ? [] : [t('nickname', { name: group.nickname })]
  if (group.scene === null) return nickname
  if (group.scene !== 'invited') return [t(`scene.${group.scene}`), ...nickname]
  const by = group.invitor === null ? t('scene.invited.somebody') : t('scene.invited', { name: group.invitor.name })
  return [by, ...nickname]
}
