import { type AudienceInput, type Rule, seedAudiences } from '../domains/audiences/index.ts'
import { addField } from '../domains/customers/index.ts'
import { giveTagRule, makeOwnTags } from '../domains/tags/index.ts'
import type { Tx } from '../infra/db/database.ts'
import type { Services } from '../infra/services.ts'
import { countAudiences, firstReadingIsIn, goodsNamed } from './audiences.store.ts'

const kind = 'demo.audiences'
/** Between two looks whether the first reading is in. Business time. */
const againMs = 5_000

type Needs = Pick<Services, 'clock' | 'due' | 'db' | 'operations'>

/**
 * What a newcomer finds under 分群, 标签管理 and 自定义字段: audiences as a fruit brand would have them, of which two tags
 * follow, and a field of three kinds. Made once the first reading is in. Call before `due.start`.
 */
export function defineDemoAudiences(services: Needs): void {
  const { due, clock } = services
  due.define(kind, async (items, tx) => {
    for (const { corpId, key } of items) {
      if ((await countAudiences(tx, corpId)) > 0) continue
      const goods = await goodsNamed(tx, corpId)
      if (goods.size > 0 && (await firstReadingIsIn(tx, corpId))) await makeDemoAudiences(services, tx, corpId, goods)
      else await due.schedule(tx, [{ corpId, kind, key, at: new Date(clock.now().getTime() + againMs) }])
    }
  })
}

export async function scheduleDemoAudiences({ db, due, clock }: Needs, corpId: number): Promise<void> {
  await due.schedule(db, [{ corpId, kind, key: String(corpId), at: new Date(clock.now().getTime() + againMs) }])
}

async function makeDemoAudiences(
  services: Needs,
  tx: Tx,
  corpId: number,
  goods: ReadonlyMap<string, string>,
): Promise<void> {
  const at = services.clock.now()
  const [durian = '', , buyers = ''] = await seedAudiences(services, tx, corpId, audiences(goods))
  const [lover = '', invite = ''] = await makeOwnTags(tx, corpId, '按规则自动打', ['榴莲爱好者', '可邀请入会'], at)
  await giveTagRule(services, tx, corpId, { tagId: lover, audienceId: durian, keepDays: null })
  await giveTagRule(services, tx, corpId, { tagId: invite, audienceId: buyers, keepDays: null })
  const open = (value: string) => ({ value, archived: false })
  const by = { account: null, at }
  const field = { personal: false, choices: [], bounds: {} }
  await addField(
    tx,
    corpId,
    { ...field, name: '口味', kind: 'choices', choices: ['偏甜', '偏酸', '软糯', '爽脆'].map(open) },
    by,
  )
  await addField(
    tx,
    corpId,
    { ...field, name: '每月水果预算（元）', kind: 'number', bounds: { decimals: 2, least: 0 } },
    by,
  )
  await addField(tx, corpId, { ...field, name: '结婚纪念日', kind: 'date' }, by)
}

function audiences(goods: ReadonlyMap<string, string>): readonly AudienceInput[] {
  const contact: Rule = { is: 'relation', by: 'anyone', any: [], state: 'alive' }
  const fuji = goods.get('山东红富士苹果') ?? ''
  const crystal = goods.get('水晶红富士苹果') ?? ''
  const one = (name: string, description: string, live: boolean, rule: Rule): AudienceInput => ({
    ...{ name, description, rule, kind: live ? ('live' as const) : ('refreshed' as const) },
    ...{ everyHours: 24, atMinute: 180, driftPercent: null },
  })
  return [
    one('榴莲爱好者', '90 天内买过三次榴莲：发榴莲券', true, {
      ...{ is: 'orders', measure: 'count', category: '榴莲', window: { days: 90 }, from: 3 },
    }),
    one('红富士老客 · 新品有货', '买过红富士，而且水晶红富士有库存：发新品券，卖完自动移出', true, {
      all: [
        { is: 'orders', measure: 'count', product: fuji, window: { days: 90 }, from: 1 },
        { is: 'stock', product: crystal, where: 'anywhere' },
      ],
    }),
    one('买过两次还不是会员', '90 天内两单以上、没有会员号：邀请入会', true, {
      all: [
        { is: 'orders', measure: 'count', window: { days: 90 }, from: 2 },
        { not: { is: 'identity', any: ['member_no'] } },
      ],
    }),
    one('最近 30 天新好友', '刚加上的好友，每天更新', false, { ...contact, sinceDays: 30 }),
    one('半年没下单的好友', '还是好友，但 180 天没有下单', false, {
      all: [contact, { not: { is: 'orders', measure: 'count', window: { days: 180 }, from: 1 } }],
    }),
  ]
}
