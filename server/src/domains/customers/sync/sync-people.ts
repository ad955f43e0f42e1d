import type { Client, Department, Member } from '@nuanyu/wecom'
import type { Services } from '../../../infra/services.ts'
import { mapStaffToStores } from '../../organisation/index.ts'
import { pinyinOf } from '../cards/name-pinyin.ts'
import { patiently } from './patience.ts'
import { leaveOut, saveDepartments, saveMembers } from './staff.store.ts'
import { saveCorpTags } from './tags.store.ts'
import { readCorpTags } from './tags-read.ts'

export interface PeopleRead {
  readonly departments: number
  readonly members: number
  readonly tags: number
  /** Members with customer contact, in one order every time. */
  readonly follows: readonly string[]
}

/** Reads departments, their members, who has customer contact, and the corp's tags; writes each as it is read. */
export async function syncPeople(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  corpId: number,
  client: Client,
  onWait: () => Promise<void>,
): Promise<PeopleRead> {
  const options = { priority: 'bulk' } as const
  const { department } = await patiently(() => client.contacts.listDepartments({}, options), onWait)
  await saveDepartments(db, corpId, department, clock.now(), true)
  const { follow_user } = await patiently(() => client.customers.listFollowUsers({}, options), onWait)
  const follows = new Set<string>(follow_user)
  const read = new Set<string>()
  const keep = async (members: readonly Member[]) => {
    const pinyin = await pinyinOf(members.map((member) => member.name ?? ''))
    await saveMembers(
      db,
      corpId,
      members.map((member) => ({
        member,
        pinyin: pinyin(member.name ?? ''),
        follows: follows.has(member.userid),
      })),
      clock.now(),
    )
    for (const member of members) read.add(member.userid)
  }
  for (const one of department satisfies readonly Department[]) {
    const { userlist } = await patiently(() => client.contacts.listUsers({ department_id: one.id }, options), onWait)
    await keep(userlist)
    await onWait()
  }
  // members who are visible by themselves, in no visible department
  for (const userid of follows) {
    if (!read.has(userid)) await keep([await patiently(() => client.contacts.getUser({ userid }, options), onWait)])
  }
  await leaveOut(db, corpId, [...read], clock.now())
  await mapStaffToStores(db, corpId)
  const tagGroups = await patiently(() => readCorpTags(client), onWait)
  await saveCorpTags(db, corpId, tagGroups, clock.now())
  return {
    departments: department.length,
    members: read.size,
    tags: tagGroups.reduce((sum, group) => sum + group.tag.length, 0),
    follows: [...follows].sort(),
  }
}
