export { type ResolvedChannel, resolveChannel } from './channel.store.ts'
