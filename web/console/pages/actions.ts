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
]
