export { type CustomerUpkeep, createCustomerUpkeep, handleCustomerCallbacks } from './customer-upkeep.ts'
export { defineCustomerOperations, ensureFirstSync } from './customers-operations.ts'
export { applyRelationFacts, resolveCustomers } from './relation-facts.store.ts'
export type { RelationFact } from './relation-facts.ts'
