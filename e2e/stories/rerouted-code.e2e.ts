import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'

const stage = await openStage('rerouted-code', { staff: 48 })

test('a printed code leads to another store after a click; the picture stays as it was printed', async () => {
  const operator = await stage.console('operator')
  // the demo brand's stores come with the first reading of its departments
  const stores = stage.db.selectFrom('stores').select('id').where('name', 'in', ['上海人民广场店', '杭州人民广场店'])
  await expect.poll(() => stores.execute()).toHaveLength(2)
  const { page } = operator

  await operator.open('/acquisition/channels/new', '新建渠道')
  await page.getByLabel('渠道名称').fill('一店 · 门口海报')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByLabel('整个部门或门店').click()
  await page.keyboard.type('门店 · 上海人民广场店')
  await page.getByRole('option', { name: /门店 · 上海人民广场店/ }).waitFor({ state: 'attached' })
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await stage.judged(page, 'wizard-store')
  for (const _ of ['time', 'finish']) await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('button', { name: '创建渠道' }).click()
  await page.getByRole('img', { name: /门口海报/ }).waitFor()
  await stage.judged(page, 'channel')
  const channel = page.url().split('/').at(-1) ?? ''
  const printed = await pictureOf(channel)

  const early = await stage.platform.newCustomer('早来的客人')
  const phone = await stage.phone()
  await phone.scanPicture(early, printed)
  await phone.add()
  await phone.log.getByText(/早来的客人你好，我是鲜果连锁的/).waitFor()
  expect(await departmentsOfStaffOf(early.id)).toContain('上海人民广场店')

  await page.getByRole('button', { name: '改指门店' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('改指到').click()
  await page.getByTitle('杭州人民广场店').click()
  await dialog.getByLabel('原因').fill('一店装修')
  await stage.judged(page, 'reroute')
  await dialog.getByRole('button', { name: /改指/ }).click()
  await page.getByText('上海人民广场店 → 杭州人民广场店').waitFor()
  await stage.judged(page, 'rerouted')
  // «平台会在 60 秒内生效»: the printed code is looked at until it shows somebody of the other store
  const { content } = await stage.db
    .selectFrom('channel_codes')
    .select('content')
    .where('channel_id', '=', channel)
    .executeTakeFirstOrThrow()
  await expect.poll(() => departmentsBehind(content ?? '')).toContain('杭州人民广场店')

  expect(await pictureOf(channel)).toEqual(printed)
  const late = await stage.platform.newCustomer('晚来的客人')
  await phone.scanPicture(late, printed)
  await phone.add()
  await phone.log.getByText(/晚来的客人你好，我是鲜果连锁的/).waitFor()
  await stage.picture(phone.page, 'welcome-of-the-other-store')
  expect(await departmentsOfStaffOf(late.id)).toContain('杭州人民广场店')

  async function pictureOf(id: string): Promise<Buffer> {
    return (await page.context().request.get(`${stage.url}/api/channels/${id}/qr?format=png&size=430`)).body()
  }
})

/** Where the member works whom a scan of this code shows. */
async function departmentsBehind(content: string): Promise<string[]> {
  const { member } = await stage.platform.post<{ member: { departments: { name: string }[] } }>(
    '/sandbox/people/c1/scan',
    { content },
  )
  return member.departments.map(({ name }) => name)
}

/** The departments of the members whom this customer has. */
async function departmentsOfStaffOf(customer: string): Promise<string[]> {
  const { contacts } = await stage.platform.get<{
    contacts: { person: { departments?: { name: string }[] } }[]
  }>(`/sandbox/people/${customer}/contacts`)
  return contacts.flatMap(({ person }) => person.departments ?? []).map(({ name }) => name)
}
