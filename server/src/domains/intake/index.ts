export type { Callback } from './callback.ts'
export { callbackRoutes } from './callbacks.routes.ts'
export { factKey } from './dedupe-key.ts'
export { createIntake, type Intake } from './intake.ts'
