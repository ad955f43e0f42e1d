export { auditRoutes } from './audit.routes.ts'
export { auditTrail, writeAudit } from './audit.trail.ts'
