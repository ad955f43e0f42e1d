import type { Client } from '@nuanyu/wecom'

/** The platform's clients, one a corp and app, sharing tokens and budget with all processes. */
export interface Platform {
  /** The client of the corp's customer-contact app; undefined when no app with a secret is connected. */
  forCorp(corpId: number): Promise<Client | undefined>
  forApp(corpId: number, appKey: string): Promise<Client | undefined>
  /** Forgets what was cached of an app, e.g. after its secret was changed. */
  forget(corpId: number, appKey: string): void
}
