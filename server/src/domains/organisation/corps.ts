/** A brand's corp at the platform, and the apps through which we act in it. */
export interface Corp {
  readonly id: number
  readonly corpid: string
  readonly name: string
  readonly timeZone: string
}

export const appKinds = ['app', 'contacts-sync', 'archive', 'kf'] as const
export type AppKind = (typeof appKinds)[number]

/** An app as it is shown: whether its secrets are there, never what they are. */
export interface AppView {
  readonly id: string
  readonly corpId: number
  readonly appKey: string
  readonly kind: AppKind
  readonly name: string
  readonly agentId: number | null
  readonly hasSecret: boolean
  readonly hasCallback: boolean
  /** Why its secret is not used until a person changes it. */
  readonly circuitReason: string | null
}

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

/** What it takes to read the callbacks of one app. */
export interface CallbackCredentials {
  readonly corpId: number
  readonly corpid: string
  readonly appId: string
  readonly appKey: string
  readonly kind: AppKind
  readonly token: string
  readonly aesKey: string
}
