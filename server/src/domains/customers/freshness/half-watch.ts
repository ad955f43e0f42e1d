import type { Database } from '../../../infra/db/database.ts'
import { clearAlarm, raiseAlarm } from '../../insights/index.ts'
import { longHalf } from './todos.store.ts'

const kind = 'customers.half'
/** A member who has not added back for so long has probably not seen the request. */
export const halfHours = 24

/** Customers who added a member and wait for him to add them: after a day a person should know. */
export async function watchHalf(db: Database, corpId: number, at: Date): Promise<void> {
  const { count, members } = await longHalf(db, corpId, new Date(at.getTime() - halfHours * 3_600_000))
  if (count === 0) {
    await clearAlarm(db, corpId, kind, at)
    return
  }
  await raiseAlarm(
    db,
    {
      corpId,
      kind,
      key: kind,
      severity: 'amber',
      title: {
        zh: `${count.toLocaleString('en')} 位客户已添加员工超过 ${halfHours} 小时，员工还没有通过（涉及 ${members} 名员工）`,
        en: `${count.toLocaleString('en')} customers added a member more than ${halfHours} hours ago and still wait for him (${members} members)`,
      },
      advice: {
        zh: '请员工在企业微信「通讯录 > 新的客户」里通过；在此之前无法给这些客户打标签、写备注或读取详情。活码打开「无需验证」可避免这种情况。',
        en: 'Ask the members to accept in WeCom > Contacts > New customers. Until then these customers cannot be tagged or read. Codes without verification avoid this.',
      },
      subject: { type: 'customers', id: 'half', path: '/customers/list?status=half' },
    },
    at,
  )
}
