export { auditRoutes } from './audit.routes.ts'
export { auditTrail, writeAudit } from './audit.trail.ts'
export { type ErasureOutcome, type ErasureRequest, erasePerson } from './erasure.jobs.ts'
