import type { Say } from '#shared/i18n/words.ts'
import type { WeixinWords } from './words.ts'

const scenes = [
  'ADD_SCENE_SEARCH',
  'ADD_SCENE_QR_CODE',
  'ADD_SCENE_PROFILE_CARD',
  'ADD_SCENE_PROFILE_LINK',
  'ADD_SCENE_PROFILE_ITEM',
  'ADD_SCENE_PAID',
  'ADD_SCENE_ACCOUNT_MIGRATION',
  'ADD_SCENE_WECHAT_ADVERTISEMENT',
  'ADD_SCENE_REPRINT',
  'ADD_SCENE_LIVESTREAM',
  'ADD_SCENE_CHANNELS',
  'ADD_SCENE_OTHERS',
] as const

/** How somebody found the account, in words; one of a code with a scene by its scene. */
export function sceneText(
  { scene, qr_scene: code }: { scene: string | null; qr_scene: string | null },
  t: Say<WeixinWords>,
): string | undefined {
  if (code !== null) return t('scene.code', { code })
  if (scene === null) return undefined
  const known = scenes.find((one) => one === scene)
  return known === undefined ? scene : t(`scene.${known}`)
}

/** The query of the brand's accounts. */
export const accountsKey = ['weixin', 'accounts']
