import { expect, test } from 'vitest'
import { stage } from '../testing/stage.ts'
import { weixinStage } from './testing.ts'

const shop = { type: 'miniprogram', name: '鲜果商城', url: 'https://a.cn', appid: 'wx1', pagepath: 'pages/index/index' }
const member = { type: 'view', name: '会员中心', url: 'https://brand.example/member' }
const service = { type: 'click', name: '在线客服', key: 'SERVICE' }
const menu = { button: [member, { name: '更多', sub_button: [shop, service] }] }

test('a follower sees the menu the brand made, and what he taps is told; a button that is not there cannot be tapped', async () => {
  const { act, client, customer, told } = await weixinStage()
  const official = await client('service')
  await expect(official.menus.get({})).rejects.toMatchObject({ errcode: 46003 })
  const { id } = await customer()
  expect((await act(id, 'oa/follow')).accounts[0].menu).toEqual([])
  await official.menus.create(menu)
  const { accounts } = await act(id, 'oa/menu', { key: 'SERVICE' })
  expect(accounts[0].menu).toMatchObject([{ name: '会员中心' }, { name: '更多', below: [{ name: '鲜果商城' }, {}] }])
  await act(id, 'oa/menu', { url: member.url })
  await act(id, 'oa/menu', { pagepath: shop.pagepath })
  expect((await act(id, 'oa/menu', { key: 'OTHER' })).error.code).toBe('no_such_button')
  expect(told.slice(1)).toMatchObject([
    { kind: 'oa.menu_clicked', eventKey: 'SERVICE' },
    { kind: 'oa.menu_viewed', eventKey: member.url },
    { kind: 'oa.menu_miniprogram', eventKey: shop.pagepath },
  ])
  // which of several menus is told only where there are several
  expect(told.some((event) => 'menuId' in event)).toBe(false)
  expect(await official.menus.get({})).toMatchObject({ menu: { button: [{ name: '会员中心' }, { name: '更多' }] } })
  await official.menus.delete({})
  await expect(official.menus.get({})).rejects.toMatchObject({ errcode: 46003 })
  await expect((await client('shop')).menus.create(menu)).rejects.toMatchObject({ errcode: 48001 })
})

test('a tag chooses another menu, the latest that fits; it needs a default one and a tag that exists', async () => {
  const { act, client, customer, told } = await weixinStage()
  const official = await client('service')
  const vip = { type: 'view', name: '会员专享', url: 'https://brand.example/vip' }
  const { tag } = await official.userTags.create({ tag: { name: '会员' } })
  const add = (id: number) => official.menus.addConditional({ button: [vip], matchrule: { tag_id: id } })
  await expect(add(tag.id)).rejects.toMatchObject({ errcode: 65303 })
  await official.menus.create(menu)
  await expect(add(tag.id + 1)).rejects.toMatchObject({ errcode: 45159 })
  const { menuid } = await add(tag.id)
  const one = await customer()
  const openid = (await act(one.id, 'oa/follow')).accounts[0].openId
  expect((await official.menus.tryMatch({ user_id: openid })).button).toHaveLength(2)
  await official.userTags.tag({ openid_list: [openid], tagid: tag.id })
  expect((await official.menus.tryMatch({ user_id: openid })).button).toMatchObject([{ name: '会员专享' }])
  await act(one.id, 'oa/menu', { url: vip.url })
  expect(told.at(-1)).toMatchObject({ kind: 'oa.menu_viewed', eventKey: vip.url, menuId: menuid })
  expect((await official.menus.get({})).conditionalmenu).toMatchObject([{ matchrule: { tag_id: String(tag.id) } }])
  expect((await official.userTags.list({})).tags).toEqual([{ ...tag, count: 1 }])
  await official.userTags.untag({ openid_list: [openid], tagid: tag.id })
  expect((await official.menus.tryMatch({ user_id: openid })).button).toHaveLength(2)
  await expect(official.menus.deleteConditional({ menuid: '1' })).rejects.toMatchObject({ errcode: 65301 })
  await official.menus.deleteConditional({ menuid })
  expect(await official.menus.get({})).not.toHaveProperty('conditionalmenu')
  await expect(official.menus.tryMatch({ user_id: 'nobody' })).rejects.toMatchObject({ errcode: 65302 })
})

test('tags of an account have their limits', async () => {
  const { act, client, customer, settings } = await weixinStage()
  const official = await client('service')
  await settings({ limits: { overrides: { 'oa.user_tags_max': 2, 'oa.user_tags_on_person': 1 } } })
  const create = (name: string) => official.userTags.create({ tag: { name } })
  const [a, b] = [(await create('甲')).tag, (await create('乙')).tag]
  await expect(create('甲')).rejects.toMatchObject({ errcode: 45157 })
  await expect(create('丙')).rejects.toMatchObject({ errcode: 45056 })
  const one = await customer()
  const openid = (await act(one.id, 'oa/follow')).accounts[0].openId
  await official.userTags.tag({ openid_list: [openid], tagid: a.id })
  await expect(official.userTags.tag({ openid_list: [openid], tagid: b.id })).rejects.toMatchObject({ errcode: 45059 })
  await expect(official.userTags.tag({ openid_list: ['x'], tagid: a.id })).rejects.toMatchObject({ errcode: 49003 })
  await expect(official.userTags.untag({ openid_list: [openid], tagid: 7 })).rejects.toMatchObject({ errcode: 45159 })
})

test('the menu and who has which tag are there after a restart', async () => {
  const { mkdtempSync } = await import('node:fs')
  const { tmpdir } = await import('node:os')
  const { join } = await import('node:path')
  const stateFile = join(mkdtempSync(join(tmpdir(), 'nuanyu-menus-')), 'state.json')
  const first = await weixinStage({ stateFile })
  const official = await first.client('service')
  await official.menus.create(menu)
  const { id } = await first.customer()
  await first.act(id, 'oa/follow')
  await first.act(id, 'oa/receive', { receive: false })
  const before = await first.admin('GET', `/people/${id}/weixin`)
  await first.sandbox.close()
  const again = await stage({ stateFile })
  expect(await again.admin('GET', `/people/${id}/weixin`)).toEqual(before)
  expect(before.accounts[0]).toMatchObject({ blocked: true, menu: [{ name: '会员中心' }, { name: '更多' }] })
})
