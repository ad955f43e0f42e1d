/** A brand's corp at the platform, and the apps through which we act in it. */
export interface Corp {
  readonly id: number
  readonly corpid: string
  readonly name: string
  readonly timeZone: string
}

export type AppKind = 'app' | 'contacts-sync' | 'archive' | 'kf'

/** What is left out stays as it is; a new secret closes the circuit and forgets the token. */
export interface AppChange {
  readonly corpId: number
  readonly appKey: string
  readonly kind: AppKind
  readonly name: string
  readonly agentId?: number | undefined
  readonly secret?: string | undefined
  /** Token and key of the app's callback address belong together. */
  readonly callback?: { readonly token: string; readonly aesKey: string } | undefined
}
