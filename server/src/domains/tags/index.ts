/**
 * The door. A room that puts tags by rule, import, event or inference needs `recordFacts` of `tag-facts.store.ts` here: called
 * in the transaction in which it learns them; what persons have of it follows within a second.
 */

export { giveTagRule, makeOwnTags } from './own-tags.jobs.ts'
export {
  findPassingTag,
  listPassingTags,
  makePassingTag,
  marksPace,
  type PassingTag,
  putPassingTag,
  removePassingTag,
  takePassingTag,
} from './passing.ts'
export { personTagsExport } from './person-tags.export.ts'
export { personTagRoutes } from './person-tags.routes.ts'
export { ruleTagRoutes } from './rule-tags.routes.ts'
export { standingFacts } from './standing-facts.store.ts'
export { recordFacts } from './tag-facts.store.ts'
export { tagSyncRoutes } from './tag-sync.routes.ts'
export { tagIdsOf } from './tag-upkeep.store.ts'
export { createTagUpkeep } from './tag-upkeep.ts'
export { defineTagOperations, scheduleTagCheck } from './tags.jobs.ts'
export { tagsRoutes } from './tags.routes.ts'
export { listGroups, listTags, tagsAtPlatform } from './tags.store.ts'
