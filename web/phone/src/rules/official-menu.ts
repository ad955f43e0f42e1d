import type { PersonWeixin } from '../api/types.ts'

export type MenuShown = NonNullable<PersonWeixin['accounts'][number]['menu']>[number]
export type MenuLeaf = Omit<MenuShown, 'below'>

/** What WeChat tells the brand of a tap; undefined for buttons that this phone has no camera, album or place for. */
export function tapOf({
  type,
  key,
  url,
  pagepath,
}: MenuLeaf): { key: string } | { url: string } | { pagepath: string } | undefined {
  if (type === 'click') return key === undefined ? undefined : { key }
  if (type === 'view') return url === undefined ? undefined : { url }
  if (type === 'miniprogram') return pagepath === undefined ? undefined : { pagepath }
  return undefined
}
