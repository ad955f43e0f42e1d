/** The door: tables that people bring and take away. */
export { importsRoutes } from './imports.routes.ts'
export { createImportUpkeep } from './names.jobs.ts'
export { defineImports } from './run.jobs.ts'
