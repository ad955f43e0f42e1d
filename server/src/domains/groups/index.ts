export { syncGroups } from './group-sync.job.ts'
export { createGroupUpkeep, handleGroupCallbacks } from './group-upkeep.ts'
export { groupsRoutes } from './groups.routes.ts'
