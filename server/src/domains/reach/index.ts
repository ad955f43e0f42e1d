export { decisionRoutes } from './governor/decisions.routes.ts'
export { policyRoutes } from './governor/policy.routes.ts'
export type { Touch } from './governor/touch.ts'
export { recordTouches } from './governor/touches.store.ts'
