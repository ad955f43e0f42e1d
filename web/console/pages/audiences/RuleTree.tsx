import { DeleteOutlined } from '@ant-design/icons'
import { Button, Select } from 'antd'
import { exactCount, shortCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import styles from './audiences.module.css'
import { Choice } from './controls.tsx'
import { LeafEditor } from './LeafEditor.tsx'
import { words } from './rule.words.ts'
import {
  type Condition,
  changed,
  type Group,
  isFinished,
  isGroup,
  kindOf,
  type LeafKind,
  leafKinds,
  type Node,
  newCondition,
  newGroup,
  newLeaf,
} from './ruleTree.ts'
import type { LeafCount } from './usePreview.ts'

export interface TreeProps {
  root: Group
  onChange: (root: Group) => void
  /** How many hold each condition alone, by its key. */
  counts: ReadonlyMap<number, LeafCount>
  self?: string | undefined
}

/** A rule as groups in groups of conditions, each with how many hold it. */
export function RuleTree({ root, onChange, counts, self }: TreeProps) {
  const put = (key: number, change: (node: Node) => Node | undefined) => onChange(changed(root, key, change))
  return <GroupBox group={root} depth={0} put={put} counts={counts} self={self} />
}

interface Putting {
  put: (key: number, change: (node: Node) => Node | undefined) => void
  counts: ReadonlyMap<number, LeafCount>
  self: string | undefined
}

const deepest = 5

function GroupBox({ group, depth, put, counts, self }: Putting & { group: Group; depth: number }) {
  const t = useWords(words)
  const add = (node: Node) => put(group.key, (old) => (isGroup(old) ? { ...old, parts: [...old.parts, node] } : old))
  return (
    <fieldset className={depth % 2 === 0 ? styles.group : styles.inner}>
      <legend className={styles.hidden}>{t(`join.${group.join}`)}</legend>
      <div className={styles.groupHead}>
        <Choice<Group['join']>
          label={t('join.label')}
          value={group.join}
          options={(['all', 'any', 'none'] as const).map((join) => ({ value: join, label: t(`join.${join}`) }))}
          onChange={(join) => put(group.key, (old) => (isGroup(old) ? { ...old, join } : old))}
        />
        {depth > 0 && (
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t('remove.group')}
            title={t('remove.group')}
            onClick={() => put(group.key, () => undefined)}
          />
        )}
      </div>
      {group.parts.length === 0 && <p className={styles.quiet}>{t('empty.group')}</p>}
      {group.parts.map((part) =>
        isGroup(part) ? (
          <GroupBox key={part.key} group={part} depth={depth + 1} put={put} counts={counts} self={self} />
        ) : (
          <ConditionRow key={part.key} condition={part} put={put} counts={counts} self={self} />
        ),
      )}
      <div className={styles.adds}>
        <Select<LeafKind>
          className={styles.add ?? ''}
          aria-label={t('add.condition')}
          placeholder={t('add.condition')}
          value={null}
          popupMatchSelectWidth={false}
          options={leafKinds.map((kind) => ({ value: kind, label: t(`leaf.${kind}`) }))}
          onChange={(kind) => add(newCondition(newLeaf(kind)))}
        />
        {depth < deepest && (
          <Button type="link" onClick={() => add(newGroup([], 'any'))}>
            {t('add.group')}
          </Button>
        )}
      </div>
    </fieldset>
  )
}

function ConditionRow({ condition, put, counts, self }: Putting & { condition: Condition }) {
  const t = useWords(words)
  const { key, leaf, not } = condition
  const count = counts.get(key)
  const kind = kindOf(leaf)
  return (
    <div className={styles.condition}>
      <div className={styles.controls}>
        <Choice<'is' | 'not'>
          label={t('polarity')}
          value={not ? 'not' : 'is'}
          options={(['is', 'not'] as const).map((value) => ({ value, label: t(value) }))}
          onChange={(value) => put(key, (old) => ({ ...old, not: value === 'not' }))}
        />
        <span className={styles.kind}>{kind ? t(`leaf.${kind}`) : leaf.is}</span>
        {kind ? (
          <LeafEditor leaf={leaf} self={self} onChange={(next) => put(key, (old) => ({ ...old, leaf: next }))} />
        ) : (
          <code className={styles.code}>{JSON.stringify(leaf)}</code>
        )}
      </div>
      <div className={styles.tail}>
        {isFinished(leaf) ? (
          count !== undefined && (
            <span className={styles.count} title={exactCount(count.count)}>
              {t(count.exact ? 'leaf.count' : 'leaf.about', { count: shortCount(count.count) })}
            </span>
          )
        ) : (
          <span className={styles.open}>{t('leaf.unfinished')}</span>
        )}
        <Button
          type="text"
          icon={<DeleteOutlined />}
          aria-label={t('remove.condition')}
          title={t('remove.condition')}
          onClick={() => put(key, () => undefined)}
        />
      </div>
    </div>
  )
}
