import type { Endpoint } from '@nuanyu/wecom'
import { type Fail, fail } from '../fail.ts'
import type { Platform } from '../platform.ts'
import type { CorpApp } from '../world/apps.ts'

/** Since 2022-08-15 contacts-sync may read ids only [90208]; department/get and the exports with it [96079]. */
const CLOSED_TO_CONTACTS_SYNC = new Set([
  '/cgi-bin/department/list',
  '/cgi-bin/department/get',
  '/cgi-bin/user/get',
  '/cgi-bin/user/simplelist',
  '/cgi-bin/user/list',
])

/** Whether this kind of token may call this interface at all. */
export function mayCall(platform: Platform, app: CorpApp, endpoint: Endpoint): Fail | undefined {
  const of = platform.settings.value.apps[app.appKey]
  if (of?.enabled !== true) return fail(50003, 'app is disabled')
  const kind = app.kind === 'own' ? 'app' : 'contacts-sync'
  if (!endpoint.credential.includes(kind)) return fail(48002, 'api forbidden')
  if (kind === 'contacts-sync' && CLOSED_TO_CONTACTS_SYNC.has(endpoint.path)) {
    return fail(48009, 'contacts-sync may read ids only since 2022-08-15')
  }
  // 客户联系 → 可调用接口的应用 [92113]
  if (endpoint.path.startsWith('/cgi-bin/externalcontact/') && !of.callable) {
    return fail(48002, 'api forbidden: the app is not among the callable apps of customer contact')
  }
  return undefined
}
