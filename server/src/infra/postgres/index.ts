export { startEmbeddedPostgres, stopAbandoned } from './embedded.ts'
