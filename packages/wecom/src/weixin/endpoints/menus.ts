import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { listOf } from '../../fields.ts'
import { limitInForce, type NumericLimit } from '../../limits.ts'
import { OpenId } from '../ids.ts'
import { pages } from '../pages.ts'

/** What a button does; one with buttons below it has no type. */
export const buttonTypes = [
  'click',
  'view',
  'miniprogram',
  'scancode_push',
  'scancode_waitmsg',
  'pic_sysphoto',
  'pic_photo_or_album',
  'pic_weixin',
  'location_select',
  'media_id',
  'article_id',
  'article_view_limited',
] as const
const Type = z.enum(buttonTypes)

const Leaf = z.object({
  name: z.string(),
  type: z.string().optional(),
  /** Of `click` and the like: told when it is tapped. */
  key: z.string().optional(),
  /** Of `view`; of `miniprogram` the page for old clients. */
  url: z.string().optional(),
  appid: z.string().optional(),
  pagepath: z.string().optional(),
  media_id: z.string().optional(),
  article_id: z.string().optional(),
})
const Button = Leaf.extend({ sub_button: z.array(Leaf).optional() })
export type MenuLeaf = z.output<typeof Leaf>
export type MenuButton = z.output<typeof Button>

interface Level {
  readonly name: NumericLimit
  /** Codes of a wrong type, name, key and address. */
  readonly codes: readonly [type: number, name: number, key: number, url: number]
}
const top: Level = { name: 'oa.menu_name_bytes', codes: [40017, 40018, 40019, 40020] }
const below: Level = { name: 'oa.menu_sub_name_bytes', codes: [40024, 40025, 40026, 40027] }

const longer = (text: string, limit: NumericLimit): boolean => Buffer.byteLength(text) > limitInForce(limit)
const noAddress = /^https?:\/\/\S+$/

/** What is wrong with a button that does something: the platform's code, or undefined. */
function wrongLeaf(leaf: MenuLeaf, { name, codes }: Level): number | undefined {
  const [type, nameCode, key, url] = codes
  if (leaf.name === '' || longer(leaf.name, name)) return nameCode
  const known = Type.safeParse(leaf.type)
  if (!known.success) return type
  switch (known.data) {
    case 'view':
    case 'miniprogram':
      if (leaf.url === undefined || longer(leaf.url, 'oa.menu_url_bytes')) return url
      if (!noAddress.test(leaf.url)) return codes === top.codes ? 40055 : 40054
      return known.data === 'miniprogram' && (!leaf.appid || !leaf.pagepath) ? type : undefined
    case 'media_id':
      return leaf.media_id ? undefined : 40007
    case 'article_id':
    case 'article_view_limited':
      return leaf.article_id ? undefined : 40007
    default:
      return !leaf.key || longer(leaf.key, 'oa.menu_key_bytes') ? key : undefined
  }
}

function wrongButton({ sub_button, ...own }: MenuButton): number | undefined {
  if (sub_button === undefined || sub_button.length === 0) return wrongLeaf(own, top)
  if (sub_button.length > limitInForce('oa.menu_sub_buttons')) return 40023
  if (own.name === '' || longer(own.name, top.name)) return 40018
  return sub_button.map((leaf) => wrongLeaf(leaf, below)).find((code) => code !== undefined)
}

const Buttons = z.array(Button, '40016 button').superRefine((buttons, context) => {
  const count = buttons.length < 1 || buttons.length > limitInForce('oa.menu_buttons')
  const code = count ? 40016 : buttons.map(wrongButton).find((one) => one !== undefined)
  if (code !== undefined) context.addIssue({ code: 'custom', message: `${code} the menu` })
})

/** Privacy: since 2021 only tags and the client's platform may be matched; sex, place and language answer 65320. */
const Rule = z
  .object(
    {
      tag_id: z.coerce.string<number | string>().optional(),
      /** 1 iOS, 2 Android, 3 others. */
      client_platform_type: z.coerce.string<number | string>().optional(),
      sex: z.unknown(),
      country: z.unknown(),
      province: z.unknown(),
      city: z.unknown(),
      language: z.unknown(),
    },
    '65307 matchrule',
  )
  .partial()
  .superRefine((rule, context) => {
    const isPrivate = [rule.sex, rule.country, rule.province, rule.city, rule.language].some(Boolean)
    const code = isPrivate ? 65320 : !rule.tag_id && !rule.client_platform_type ? 65304 : undefined
    if (code !== undefined) context.addIssue({ code: 'custom', message: `${code} the rule` })
  })
export type MenuRule = z.output<typeof Rule>

const Menuid = z.coerce.string<number | string>()
const Shown = z.object({ button: listOf(Button), menuid: z.int().optional() })
const shape = [40007, 40016, 40017, 40018, 40019, 40020, 40023, 40024, 40025, 40026, 40027, 40054, 40055] as const

/** 自定义菜单 below the chat with an Official Account. A tap is told by `oa.menu_clicked`, `_viewed`, `_miniprogram`. */
export const menus = {
  /** Takes the place of the menu before; people see it within minutes, or when they follow anew. */
  create: endpoint({
    method: 'POST',
    path: '/cgi-bin/menu/create',
    doc: pages.menu,
    request: z.object({ button: Buttons }),
    response: z.object({}),
    repeat: 'idempotent',
    errors: [...shape, 48001],
    credential: ['official'],
    limits: ['oa.menu_buttons', 'oa.menu_sub_buttons'],
  }),
  /** The default menu and those of some people; 46003 when there is none. */
  get: endpoint({
    method: 'GET',
    path: '/cgi-bin/menu/get',
    doc: pages.menuGet,
    request: z.object({}),
    response: z.object({
      menu: Shown,
      conditionalmenu: z
        .array(Shown.extend({ matchrule: z.record(z.string(), z.union([z.string(), z.int()])) }))
        .optional(),
    }),
    repeat: 'safe',
    errors: [46003, 48001],
    credential: ['official'],
  }),
  /** The default menu and all those of some people. */
  delete: endpoint({
    method: 'GET',
    path: '/cgi-bin/menu/delete',
    doc: pages.menuDelete,
    request: z.object({}),
    response: z.object({}),
    repeat: 'idempotent',
    errors: [48001],
    credential: ['official'],
  }),
  /** 个性化菜单: what people with a tag see instead; the latest that fits counts. Needs a default menu. */
  addConditional: endpoint({
    method: 'POST',
    path: '/cgi-bin/menu/addconditional',
    doc: pages.menuConditional,
    request: z.object({ button: Buttons, matchrule: Rule }),
    response: z.object({ menuid: Menuid }),
    // Made twice it shows the same, and two of them have to be deleted.
    repeat: 'never',
    errors: [...shape, 48001, 65303, 65304, 65307, 65320],
    credential: ['official'],
  }),
  deleteConditional: endpoint({
    method: 'POST',
    path: '/cgi-bin/menu/delconditional',
    doc: pages.menuDeleteConditional,
    request: z.object({ menuid: Menuid }),
    response: z.object({}),
    repeat: 'idempotent',
    errors: [48001, 65301],
    credential: ['official'],
  }),
  /** What one person sees. */
  tryMatch: endpoint({
    method: 'POST',
    path: '/cgi-bin/menu/trymatch',
    doc: pages.menuTry,
    request: z.object({ user_id: OpenId }),
    response: z.object({ button: listOf(Button) }),
    repeat: 'safe',
    errors: [40003, 46003, 48001, 65302],
    credential: ['official'],
  }),
}
