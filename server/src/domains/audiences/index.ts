/**
 * The door. Rooms that learn something of persons tell it by `noteChanges(tx, corpId, changes)` in the transaction in which
 * they learn it; marks are named by `markOf`.
 */
export { audiencesRoutes } from './audiences.routes.ts'
