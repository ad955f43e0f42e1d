import type { CallbackConfig } from '../admin/schema.ts'
import { fixedText } from './identity.ts'

/** An app of the corp: a secret, and one address that is called back. */
export interface CorpApp {
  readonly appKey: string
  readonly agentId: number
  readonly name: string
  readonly kind: 'own' | 'contacts-sync'
  readonly secret: string
  callback: CallbackConfig | undefined
}

export function createApps(seed: number): ReadonlyMap<string, CorpApp> {
  const app = (appKey: string, agentId: number, name: string, kind: CorpApp['kind']): [string, CorpApp] => [
    appKey,
    { appKey, agentId, name, kind, secret: fixedText(`${seed}:secret:${appKey}`, 43), callback: undefined },
  ]
  return new Map([
    app('nuanyu', 1000002, '暖域', 'own'),
    app('crm', 1000003, '会员通CRM', 'own'),
    app('contacts', 0, '通讯录同步', 'contacts-sync'),
  ])
}
