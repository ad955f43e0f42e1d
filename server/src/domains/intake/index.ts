export type { Callback } from './callback.ts'
export { copiesOfEvent } from './callback-copies.store.ts'
export { callbackLogRoutes } from './callback-log.routes.ts'
export {
  closeUnanswered,
  getOrPostOnly,
  makeDurable,
  notConnected,
  openOrRefuse,
  readBody,
  stale,
} from './callbacks.http.ts'
export { callbackRoutes } from './callbacks.routes.ts'
export { callbackShortcut } from './callbacks.shortcut.ts'
export type { CommitWriter } from './commit-writer.ts'
export { factKey } from './dedupe-key.ts'
export { createDurableWriter } from './durable-writer.ts'
export { createIntake } from './intake.ts'
export { createRegister, type Register } from './register.ts'
