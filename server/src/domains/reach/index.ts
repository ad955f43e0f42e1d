export type { Touch } from './governor/touch.ts'
export { recordTouches } from './governor/touches.store.ts'
