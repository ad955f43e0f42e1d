import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { PNG, START_MS, stage } from '../testing/stage.ts'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sandbox-'))
  onTestFinished(() => rmSync(made, { recursive: true }))
  return made
}
const DAY_MS = 86_400_000

test('a sandbox that was closed goes on where it stopped: people, codes, chats, notes, groups, settings and time', async () => {
  const stateFile = join(folder(), 'sandbox.json')
  const first = await stage({ stateFile })
  await first.subscribe()
  const { person, config } = await first.add({ state: 'before' })
  const external_userid = person.externalUserId ?? ''
  const { tag_group } = await first.call('externalcontact/add_corp_tag', {
    group_name: '活动',
    tag: [{ name: '双11' }],
  })
  await first.call('externalcontact/mark_tag', {
    userid: 'chenxiaoyu',
    external_userid,
    add_tag: [tag_group.tag[0].id],
  })
  const { url } = await first.upload('media/uploadimg', PNG)
  await first.admin('POST', `/people/${person.id}/messages`, { peer: 'chenxiaoyu', text: '明天见' })
  await first.admin('POST', '/people/c3/delete', {
    peer: (await first.admin('GET', '/people/c3')).contacts[0].person.id,
  })
  const { id: chatId } = await first.admin('POST', '/console', {
    do: 'group.create',
    owner: 'chenxiaoyu',
    name: '新群',
    customers: [person.id],
  })
  await first.admin('POST', '/people', { role: 'staff', name: '新人', userid: 'xinren', departments: [101] })
  await first.settings({ members: { chenxiaoyu: { consoleWelcome: '您好' } } })
  await first.advance(3_600_000)
  const before = {
    detail: await first.get('externalcontact/get', { external_userid }),
    chats: await first.admin('GET', `/people/${person.id}/chats`),
    third: await first.admin('GET', '/people/c3'),
    group: await first.call('externalcontact/groupchat/get', { chat_id: chatId }),
    way: await first.call('externalcontact/get_contact_way', { config_id: config }),
    member: await first.get('user/get', { userid: 'xinren' }),
    settings: await first.admin('GET', '/settings'),
  }
  await first.sandbox.close()

  const again = await stage({ stateFile })
  const without = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, ''))
  expect(again.sandbox.clock.now()).toBe(START_MS + 3_600_000)
  expect(
    without({
      detail: await again.get('externalcontact/get', { external_userid }),
      chats: await again.admin('GET', `/people/${person.id}/chats`),
      third: await again.admin('GET', '/people/c3'),
      group: await again.call('externalcontact/groupchat/get', { chat_id: chatId }),
      way: await again.call('externalcontact/get_contact_way', { config_id: config }),
      member: await again.get('user/get', { userid: 'xinren' }),
      settings: await again.admin('GET', '/settings'),
    }),
  ).toEqual(without(before))
  expect((await again.admin('GET', '/corps')).corps[0].apps[0].callback.url).toContain('app=nuanyu')
  expect((await fetch(url.replace(/^http:\/\/[^/]+/, again.url))).status).toBe(200)
  const old = await fetch(`${again.url}/cgi-bin/getcallbackip?access_token=${await first.token()}`)
  expect(((await old.json()) as { errcode: number }).errcode).toBe(0)
  const newcomer = await again.customer('后来的人')
  expect(newcomer.externalUserId).not.toBe(external_userid)
  const made = await again.call('externalcontact/add_contact_way', { type: 1, scene: 2, user: ['xinren'] })
  expect(made.config_id).not.toBe(config)
})

test('bought quota still warns before it lapses after a restart', async () => {
  const stateFile = join(folder(), 'sandbox.json')
  const first = await stage({ stateFile })
  await first.subscribe('nuanyu', ['acquisition'])
  await first.call('externalcontact/customer_acquisition/create_link', {
    link_name: 'l',
    range: { user_list: ['chenxiaoyu'] },
  })
  await first.admin('POST', '/console', { do: 'quota.buy', balance: 5, days: 3 })
  await first.sandbox.settled()
  await first.sandbox.close()
  const again = await stage({ stateFile })
  await again.subscribe('nuanyu', ['acquisition'])
  await again.advance(2 * DAY_MS)
  expect(again.events.map((event) => event.kind)).toEqual(['link.quota_expire_soon', 'link.quota_expire_soon'])
})

test("another world's file, or a broken one, is set aside and not read", async () => {
  const stateFile = join(folder(), 'sandbox.json')
  const first = await stage({ stateFile, seed: 'one' })
  await first.customer('甲')
  await first.sandbox.close()
  const other = await stage({ stateFile, seed: 'two' })
  expect((await other.admin('GET', '/people?role=customer')).totals.customers).toBe(60)
  expect(existsSync(`${stateFile}.old`)).toBe(true)
  await other.sandbox.close()
  writeFileSync(stateFile, '{"format":2,')
  const third = await stage({ stateFile })
  expect((await third.admin('GET', '/people?role=customer')).totals.customers).toBe(60)
})

test('what changed is in the file about a second later, so a killed sandbox loses no more', async () => {
  const stateFile = join(folder(), 'sandbox.json')
  const first = await stage({ stateFile })
  await first.customer('别忘了我')
  const { readFileSync } = await import('node:fs')
  await expect.poll(() => readFileSync(stateFile, 'utf8').includes('别忘了我')).toBe(true)
})
