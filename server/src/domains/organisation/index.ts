export { accountsRoutes } from './accounts.routes.ts'
export { demoPassword, ensureFirstAccount, seedDemoAccounts } from './accounts.seed.ts'
export { findCorp, listCorps, saveApp, saveCorp } from './corps.store.ts'
