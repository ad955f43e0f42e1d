export { type EmbeddedOptions, type EmbeddedPostgres, startEmbeddedPostgres, stopAbandoned } from './embedded.ts'
export { EmbeddedPostgresError } from './failure.ts'
