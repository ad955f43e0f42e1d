import type { WeixinCallbackKeys } from '@nuanyu/wecom'

export const accountKinds = ['official_account', 'mini_program'] as const
export type AccountKind = (typeof accountKinds)[number]

/** An Official Account or mini program of a brand. */
export interface WeixinAccount {
  readonly id: string
  readonly corpId: number
  readonly kind: AccountKind
  readonly appid: string
  readonly name: string
}

/** What a person enters to connect one. */
export interface AccountChange {
  readonly corpId: number
  readonly kind: AccountKind
  readonly appid: string
  readonly name: string
  /** Left out: the one that is known stays. */
  readonly secret?: string | undefined
  readonly callback?: { readonly token: string; readonly aesKey?: string | undefined } | undefined
}

/** An account whose callbacks can be opened. */
export interface CalledAccount extends WeixinAccount {
  readonly corpid: string
  readonly keys: WeixinCallbackKeys
}

/** The kind of identity of an openid: it is another one in every account. */
export function openidKind(appid: string): string {
  return `openid:${appid}`
}

/** Where the platform is told to call an account back. */
export function callbackUrl(publicUrl: string, corpid: string, appid: string): string {
  return `${publicUrl}/callbacks/weixin/${corpid}/${appid}`
}
