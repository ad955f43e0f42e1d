export { type EmbeddedOptions, type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts'
export { EmbeddedPostgresError } from './failure.ts'
