/**
 * The door. Rooms that learn something of persons tell it by `noteChanges(tx, corpId, changes)` in the transaction in which
 * they learn it; marks are named by `markOf`.
 */

export { audienceExport } from './audience.export.ts'
export { savedAudienceRouters } from './audience.routers.ts'
export { audiencesRoutes } from './audiences.routes.ts'
export { countMembers, estimateMembers, foldChanges } from './audiences.store.ts'
export { keepBuyers } from './buyers.store.ts'
export type { Change } from './change.ts'
export { noteChanges } from './changes.store.ts'
export { inMemory, type Reason } from './check.ts'
export { computeAll, defineAudiences } from './compute.jobs.ts'
export { leastNumber, markOf, type PersonFacts, sliceBits } from './facts.ts'
export { feedHomes } from './feed.jobs.ts'
export { amongMembers, audienceNames } from './filter.store.ts'
export { circleOfTag, memberPage, memberships } from './follow.store.ts'
export { defineValues, fedBy, followOrders, refreshValues } from './rfm.jobs.ts'
export { rfmRoutes } from './rfm.routes.ts'
export { type Rule, ruleSchema } from './rule.schema.ts'
export { leavesOf, ruleClass, ruleFaults } from './rule.ts'
export { computeAudience } from './run.store.ts'
export { findAudience } from './saved.store.ts'
export { createAudienceUpkeep } from './upkeep.jobs.ts'
export { collectMembers, personFacts } from './value-facts.store.ts'
export { moveMarks } from './value-marks.store.ts'
export { reasonWords, words as ruleWords } from './words.ts'
