/**
 * The door: tables that people take away. A room that has something to take gives an `ExportSource`; everything else (who may,
 * who has to agree, the job, masking by role, the file and its end) is the same for all. Ask by `Exports.ask`, or over
 * `POST /api/exports`; a rule that makes a second person agree is an `ApprovalRule`, his answer goes in by `Exports.decide`.
 */

export { askedRoutes } from './asked.routes.ts'
export type { ApprovalRule } from './export.ts'
export { createExports, type Exports } from './exports.jobs.ts'
export { exportsRoutes } from './exports.routes.ts'
export { endPersonalExports } from './exports.store.ts'
export { wholeCorpOnly } from './refusals.ts'
export { type Cell, type ExportPage, type ExportSource, exportSource } from './source.ts'
export { defineExports } from './write.jobs.ts'
