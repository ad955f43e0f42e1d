import type { Config } from '../../infra/config.ts'
import type { Executor } from '../../infra/db/database.ts'

/**
 * Pages that customers see live on a domain of their own where the corp has one (`landing_url` of its settings): WeChat
 * blocks domains, and the console must not go with it. Replacing the domain keeps every code.
 */
export async function pageUrl(on: Executor, config: Config, corpId: number, code: string): Promise<string> {
  const { settings } = await on
    .selectFrom('corps')
    .select('settings')
    .where('id', '=', corpId)
    .executeTakeFirstOrThrow()
  const own =
    typeof settings === 'object' && settings !== null && 'landing_url' in settings ? settings.landing_url : undefined
  return `${typeof own === 'string' && own !== '' ? own.replace(/\/$/, '') : config.publicUrl}/c/${code}`
}
