import type { Said } from '../../infra/errors.ts'

/** What a person should look at: what happened and why (title), what to do (advice), and where the console shows it. */
export interface Alarm {
  readonly corpId: number
  /** `<thing>.<what>`, e.g. `staff.not_addable`; what the console groups by. */
  readonly kind: string
  /** The same key is the same alarm: it is raised once and cleared once. */
  readonly key: string
  readonly severity: 'red' | 'amber' | 'info'
  readonly title: Said
  readonly advice: Said
  readonly subject: AlarmSubject
}

export interface AlarmSubject {
  readonly type: string
  readonly id: string
  /** The console's page about it. */
  readonly path?: string
}
