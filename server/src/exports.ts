import { productsExport } from './domains/commerce/index.ts'
import { createExports, type Exports } from './domains/exports/index.ts'
import type { Services } from './infra/services.ts'

/** What can be taken away as a table, one line a room, and the rule that makes a second person agree. */
export function openExports(services: Services): Exports {
  return createExports(services, [productsExport(services)], async () => false)
}
