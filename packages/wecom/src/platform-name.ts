/** Whose interface an endpoint is: WeCom's, or WeChat's for Official Accounts and mini programs (api.weixin.qq.com). */
export type PlatformName = 'wecom' | 'weixin'

const weixinSpace = '/weixin'

/** Under which path a budget counts: paths of the two platforms may be equal (`/cgi-bin/user/get`), their limits are not. */
export function budgetPath(platform: PlatformName, path: string): string {
  return platform === 'wecom' ? path : `${weixinSpace}${path}`
}

/** The path of a WeChat interface behind a budget's path; undefined for WeCom's. */
export function weixinPath(counted: string): string | undefined {
  return counted.startsWith(`${weixinSpace}/`) ? counted.slice(weixinSpace.length) : undefined
}
