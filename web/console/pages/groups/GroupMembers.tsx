import { Link } from '@tanstack/react-router'
import { Segmented } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactTime } from '#shared/format/time.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import styles from './groups.module.css'
import { type GroupMember, groupsKey, type MemberList, memberLists } from './groups.ts'
import { type GroupsWords, words } from './words.ts'

/** Who is in a group, who came and who went lately. */
export function GroupMembers({ chat }: { chat: string }) {
  const t = useWords(words)
  const [who, setWho] = useState<MemberList>('customers')
  const list = useKeysetList<GroupMember>([...groupsKey, 'members', chat, who], (cursor) =>
    ask(
      api.GET('/api/groups/{chat}/members', {
        params: { path: { chat }, query: { who, limit: 50, ...(cursor === undefined ? {} : { cursor }) } },
      }),
    ),
  )
  return (
    <section>
      <h3 className={styles.heading}>{t('members.title')}</h3>
      <div className={styles.tabs}>
        <Segmented<MemberList>
          aria-label={t('members.title')}
          value={who}
          options={memberLists.map((one) => ({ value: one, label: t(`members.${one}`) }))}
          onChange={setWho}
        />
      </div>
      <DataTable<GroupMember>
        id={`group-members-${who}`}
        name={t(`members.${who}`)}
        columns={columnsOf(t, who)}
        list={list}
        rowKey={(row) => `${row.kind} ${row.id}`}
        empty={<p className={styles.text}>{t('members.none')}</p>}
      />
    </section>
  )
}

function columnsOf(t: Say<GroupsWords>, who: MemberList): Column<GroupMember>[] {
  const left: Column<GroupMember> = {
    key: 'left',
    title: t('member.left'),
    render: (row) =>
      row.left_at === null ? (
        t('none')
      ) : (
        <>
          <span className="num">{exactTime(row.left_at)}</span>{' '}
          <span className={styles.quiet}>{t(`left.${row.left_by ?? 'unknown'}`)}</span>
        </>
      ),
  }
  return [
    { key: 'name', title: t('member.name'), fixed: true, render: (row) => <Who member={row} /> },
    { key: 'nickname', title: t('member.nickname'), render: (row) => row.nickname || t('none') },
    {
      key: 'joined',
      title: t('member.joined'),
      render: (row) => <span className="num">{row.joined_at === null ? t('none') : exactTime(row.joined_at)}</span>,
    },
    { key: 'way', title: t('member.way'), render: (row) => wayOf(row, t) },
    ...(who === 'leavers' || who === 'newcomers' ? [left] : []),
  ]
}

function Who({ member }: { member: GroupMember }) {
  const t = useWords(words)
  const name = member.name || t('member.unnamed')
  if (member.kind === 'staff') return name
  if (member.customer_id === null)
    return (
      <>
        {name} <span className={styles.quiet}>{t('member.stranger')}</span>
      </>
    )
  return (
    <Link to="/customers/list/$id" params={{ id: String(member.customer_id) }}>
      {name}
    </Link>
  )
}

function wayOf(member: GroupMember, t: Say<GroupsWords>): string {
  if (member.invitor !== null && member.scene !== 'code') return t('member.invited', { name: member.invitor.name })
  return member.scene === null ? t('none') : t(`way.${member.scene}`)
}
