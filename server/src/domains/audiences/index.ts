/**
 * The door. Rooms that learn something of persons tell it by `noteChanges(tx, corpId, changes)` in the transaction in which
 * they learn it; marks are named by `markOf`.
 */
export { audiencesRoutes } from './audiences.routes.ts'
export { countMembers, foldChanges } from './audiences.store.ts'
export type { Change } from './change.ts'
export { keepBuyers, noteChanges } from './changes.store.ts'
export { markOf, marksOfNumber } from './facts.ts'
export type { Rule } from './rule.schema.ts'
export { ruleClass, ruleFaults } from './rule.ts'
