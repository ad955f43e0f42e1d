import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

// section 2: what a member publishes and sends of his own accord, on his phone, stands in the ledger of whoever saw it
const stage = await openStage('own-sends', {
  ...{ at: '2026-12-02T10:00:00+08:00', people: 40, staff: 6, relations: 60 },
  settings: { reach: { habits: { prompt: 0, late: 0 }, ownSendsPerDay: 0 } },
})
const { platform, db } = stage
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const

interface Contacts {
  readonly contacts: readonly {
    readonly status: string
    readonly person: { readonly id: string; readonly name: string; readonly externalUserId?: string }
  }[]
}

test('a member publishes a Moment of her own and sends to one customer; both stand in that customer’s ledger', async () => {
  const { people } = await platform.get<{ people: { id: string }[] }>('/sandbox/people?role=staff&limit=50')
  const served = await Promise.all(
    people.map(async ({ id }) => ({
      id,
      ...(await platform.get<Contacts>(`/sandbox/people/${encodeURIComponent(id)}/contacts?limit=100`)),
    })),
  )
  const member = served.find(({ contacts }) => contacts.filter(({ status }) => status === 'friends').length > 1)
  const customer = member?.contacts.find(({ status }) => status === 'friends')?.person
  if (member === undefined || customer === undefined) throw new Error('nobody has two customers')

  const phone = await stage.phone()
  const { page, glass } = phone
  await page.goto(`${platform.url}/?as=${member.id}&moments`)
  await glass.getByRole('button', { name: '发朋友圈' }).click()
  await glass.getByLabel('这一刻想让客户看到的').fill('今天的猫山王到店了，来尝尝')
  await stage.judged(page, 'phone-own-moment')
  await glass.getByRole('button', { name: '发表', exact: true }).click()
  await glass.getByText(/^已发表，\d+ 位客户能看到$/).waitFor()
  await glass.getByText('今天的猫山王到店了').waitFor()

  await page.goto(`${platform.url}/?as=${member.id}`)
  await glass.getByRole('button', { name: /群发助手/ }).click()
  await glass.getByRole('button', { name: '新建群发' }).click()
  await glass.getByLabel('要群发的内容').fill('给您留了一个')
  await glass.getByLabel('选择客户').check()
  await glass.getByRole('checkbox', { name: customer.name, exact: true }).first().check()
  await stage.judged(page, 'phone-own-send')
  await glass.getByRole('button', { name: '发送', exact: true }).click()
  await glass.getByText('已发送，1 位客户收到').waitFor()
  await glass.getByText('已发送，送达 1 / 1').waitFor()

  // the platform tells of both within the hour
  const known = () =>
    db
      .selectFrom('touches')
      .innerJoin('relations', 'relations.customer_id', 'touches.customer_id')
      .select(['touches.channel', 'touches.customer_id'])
      .where('relations.external_userid', '=', customer.externalUserId ?? '')
      .where('touches.channel', 'in', ['moments', 'by_hand'])
      .orderBy('touches.channel')
      .execute()
  const channels = async () => {
    await platform.advance(61 * 60_000)
    return [...new Set((await known()).map(({ channel }) => channel))]
  }
  await expect.poll(channels, { timeout: 60_000, interval: 1_000 }).toEqual(['by_hand', 'moments'])

  const operator = await stage.console('operator')
  const [row] = await known()
  await operator.open(`/engagement/governance?tab=person&customer=${row?.customer_id}`, '触达治理')
  await operator.page.getByText('朋友圈（员工自己发的）').waitFor()
  await stage.judgedAt(operator.page, sizes, 'ledger', operator.page.getByText('朋友圈（员工自己发的）'))
}, 300_000)
