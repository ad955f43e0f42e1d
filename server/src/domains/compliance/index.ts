export { auditRoutes } from './audit.routes.ts'
export { auditTrail, writeAudit } from './audit.trail.ts'
export { erasePerson } from './erasure.jobs.ts'
export { erasureRoutes } from './erasure.routes.ts'
