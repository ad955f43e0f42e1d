import type { MenuEntry } from '../frame/menu.ts'

export interface ActionEntry extends MenuEntry {
  path: string
  permission: string | undefined
}

/** What Ctrl-K can start, one line each: id, Chinese, English, pinyin, the address that does it, permission. */
export const actions: readonly ActionEntry[] = [
  {
    id: 'new-account',
    zh: '新建账号',
    en: 'New account',
    pinyin: 'xin jian zhang hao',
    path: '/organisation/roles?open=new',
    permission: 'accounts.write',
  },
  {
    id: 'new-channel',
    zh: '新建渠道活码',
    en: 'New channel live code',
    pinyin: 'xin jian qu dao huo ma',
    path: '/acquisition/channels/new',
    permission: 'channels.write',
  },
  {
    id: 'bulk-store-codes',
    zh: '批量建门店码',
    en: 'Store codes from a table',
    pinyin: 'pi liang jian men dian ma',
    path: '/acquisition/channels?bulk=new',
    permission: 'channels.write',
  },
  {
    id: 'capacity',
    zh: '员工容量与就绪',
    en: 'Staff capacity & readiness',
    pinyin: 'yuan gong rong liang yu jiu xu',
    path: '/acquisition/channels/capacity',
    permission: 'channels.read',
  },
  {
    id: 'new-campaign',
    zh: '新建群发',
    en: 'New mass send',
    pinyin: 'xin jian qun fa',
    path: '/engagement/campaigns/new',
    permission: 'campaigns.write',
  },
]
