import { Link } from '@tanstack/react-router'
import { App, Button, Dropdown, Tag, Tooltip } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Panel } from '../../components/PageShape.tsx'
import { GroupSettings } from './GroupSettings.tsx'
import { MoveDialog } from './MoveDialog.tsx'
import { NamesDialog } from './NamesDialog.tsx'
import { RuleDialog } from './RuleDialog.tsx'
import styles from './tags.module.css'
import { earlier, type TagGroup, type TagItem } from './tags.ts'
import { useTagChanges } from './useTagChanges.ts'
import { words } from './words.ts'

type Doing =
  | { what: 'rename-group' | 'add' | 'settings' }
  | { what: 'rename' | 'move' | 'rule'; tag: TagItem }
  | undefined

/** One group: whose it is, its rules, and its tags with how many customers have each. */
export function GroupCard({
  group,
  groups,
  mayWrite,
  nameChars,
}: {
  group: TagGroup
  groups: readonly TagGroup[]
  mayWrite: boolean
  nameChars: number
}) {
  const t = useWords(words)
  const { modal, message } = App.useApp()
  const carryOut = useTagChanges()
  const [doing, setDoing] = useState<Doing>(undefined)
  const close = () => setDoing(undefined)
  const mayChange = mayWrite && group.ours
  const path = { params: { path: { id: group.id } } }

  const confirmGroup = () =>
    modal.confirm({
      title: t('delete.group', { name: group.name, count: exactCount(group.tags.length) }),
      content: group.at_platform ? t('delete.group.text') : undefined,
      okText: t('delete'),
      cancelText: t('cancel'),
      okButtonProps: { danger: true },
      onOk: () => carryOut(() => ask(api.DELETE('/api/tag-groups/{id}', path))),
    })
  const claim = async () => {
    let ours = false
    const isDone = await carryOut(async () => {
      ours = (await ask(api.POST('/api/tag-groups/{id}/claim', path))).ours
    })
    if (isDone) message.info(t(ours ? 'claim.yes' : 'claim.no'))
  }
  const menu = [
    ...(group.ours
      ? [
          { key: 'rename', label: t('rename'), onClick: () => setDoing({ what: 'rename-group' }) },
          { key: 'delete', label: t('delete'), danger: true, onClick: confirmGroup },
        ]
      : [{ key: 'claim', label: t('claim'), onClick: () => void claim() }]),
    { key: 'settings', label: t('settings'), onClick: () => setDoing({ what: 'settings' }) },
  ]
  return (
    <Panel
      title={group.name}
      aside={
        mayWrite && (
          <span className={styles.acts}>
            {mayChange && (
              <Button size="small" onClick={() => setDoing({ what: 'add' })}>
                {t('add.tags')}
              </Button>
            )}
            <Dropdown menu={{ items: menu }} trigger={['click']}>
              <Button size="small" aria-label={`${t('more')} ${group.name}`}>
                …
              </Button>
            </Dropdown>
          </span>
        )
      }
    >
      <div className={styles.marks}>
        <Tooltip title={group.kind === 'own' ? t('own.what') : undefined}>
          <Tag>{t(`kind.${group.kind}`)}</Tag>
        </Tooltip>
        <Tooltip title={group.ours ? undefined : t('owner.theirs.why')}>
          <Tag color={group.ours ? 'success' : 'default'}>{t(group.ours ? 'owner.ours' : 'owner.theirs')}</Tag>
        </Tooltip>
        {group.exclusive && <Tag color="processing">{t('exclusive')}</Tag>}
        {group.sensitive && <Tag color="warning">{t('sensitive')}</Tag>}
      </div>
      {group.kind !== 'own' && <p className={styles.quiet}>{t(`truth.${group.truth}`)}</p>}
      <ul className={styles.tags}>
        {group.tags.map((tag) => (
          <TagLine key={tag.id} tag={tag} group={group} mayWrite={mayWrite} mayChange={mayChange} onDo={setDoing} />
        ))}
      </ul>
      {doing?.what === 'rename-group' && (
        <NamesDialog of="group" id={group.id} name={group.name} most={nameChars} onClose={close} />
      )}
      {doing?.what === 'add' && <NamesDialog of="new" id={group.id} name="" most={nameChars} onClose={close} />}
      {doing?.what === 'settings' && <GroupSettings group={group} onClose={close} />}
      {doing?.what === 'rename' && (
        <NamesDialog of="tag" id={doing.tag.id} name={doing.tag.name} most={nameChars} onClose={close} />
      )}
      {doing?.what === 'rule' && <RuleDialog tag={doing.tag} onClose={close} />}
      {doing?.what === 'move' && <MoveDialog tag={doing.tag} from={group} groups={groups} onClose={close} />}
    </Panel>
  )
}

function TagLine({
  tag,
  group,
  mayWrite,
  mayChange,
  onDo,
}: {
  tag: TagItem
  group: TagGroup
  mayWrite: boolean
  mayChange: boolean
  onDo: (doing: Doing) => void
}) {
  const t = useWords(words)
  const { modal } = App.useApp()
  const carryOut = useTagChanges()
  const confirm = () =>
    modal.confirm({
      title: t('delete.tag', { name: tag.name }),
      content: t('delete.tag.text', { count: exactCount(tag.customers ?? 0) }),
      okText: t('delete'),
      cancelText: t('cancel'),
      okButtonProps: { danger: true },
      onOk: () => carryOut(() => ask(api.DELETE('/api/tags/{id}', { params: { path: { id: tag.id } } }))),
    })
  const ids = group.tags.map((one) => one.id)
  const order = () => carryOut(() => ask(api.POST('/api/tags/order', { body: { ids: earlier(ids, tag.id) } })))
  const move = (undo: boolean) =>
    carryOut(
      () =>
        ask(
          api.POST('/api/tags/{id}/move', {
            params: { path: { id: tag.id } },
            body: { to_group: tag.moving?.to_group ?? group.id, undo },
          }),
        ),
      t('move.begun'),
    )
  const ruled = { key: 'rule', label: t('rule'), onClick: () => onDo({ what: 'rule', tag }) }
  // whoever a tag belongs to, we may put it on: only the tag itself is not ours to change
  const items = !mayChange
    ? [ruled]
    : tag.moving === null
      ? [
          ruled,
          { key: 'rename', label: t('rename'), onClick: () => onDo({ what: 'rename', tag }) },
          { key: 'move', label: t('move'), onClick: () => onDo({ what: 'move', tag }) },
          ...(ids[0] === tag.id ? [] : [{ key: 'earlier', label: t('earlier'), onClick: () => void order() }]),
          { key: 'delete', label: t('delete'), danger: true, onClick: confirm },
        ]
      : [
          { key: 'resume', label: t('move.resume'), onClick: () => void move(false) },
          { key: 'undo', label: t('move.undo'), onClick: () => void move(true) },
        ]
  return (
    <li className={styles.tag}>
      <span className={styles.name}>
        {tag.name} {tag.moving !== null && <Tag color="processing">{t('move.on')}</Tag>}
        {tag.rule !== null && (
          <Link to="/customers/segments/$id" params={{ id: tag.rule.audience_id }} className={styles.rule ?? ''}>
            {t('rule.of', { audience: tag.rule.audience })}
            {tag.rule.keep_days !== null && ` · ${t('rule.days', { days: tag.rule.keep_days })}`}
            {tag.rule.followed_at === null && ` · ${t('rule.following')}`}
          </Link>
        )}
      </span>
      {tag.customers !== null && (
        <span className={styles.count}>{t('customers', { count: exactCount(tag.customers) })}</span>
      )}
      {mayWrite && (
        <Dropdown menu={{ items }} trigger={['click']}>
          <Button size="small" type="text" aria-label={`${t('more')} ${tag.name}`}>
            …
          </Button>
        </Dropdown>
      )}
    </li>
  )
}
