export { auditRoutes } from './audit.routes.ts'
export { auditTrail, verifyChain, writeAudit } from './audit.trail.ts'
