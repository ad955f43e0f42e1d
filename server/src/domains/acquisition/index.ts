export { type AddPath, createAddPath } from './add-path.ts'
export { type ResolvedChannel, resolveChannel } from './channel.store.ts'
export type { WelcomeBand } from './welcome.ts'
