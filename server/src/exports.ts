import { audienceExport, exportApproval } from './domains/audiences/index.ts'
import { membersExport, ordersExport, productsExport } from './domains/commerce/index.ts'
import { customersExport, customerTable } from './domains/customers/index.ts'
import { createExports, type ExportSource, type Exports } from './domains/exports/index.ts'
import { reportExport } from './domains/reach/index.ts'
import { personTagsExport } from './domains/tags/index.ts'
import type { Services } from './infra/services.ts'

/** What can be taken away as a table, one line each. */
export function exportSources(services: Services): readonly ExportSource[] {
  return [
    customersExport(services),
    audienceExport(services, customerTable(services)),
    ordersExport(services),
    membersExport(services),
    personTagsExport(services),
    productsExport(services),
    reportExport(services),
  ]
}

/** With the rule that makes a second person agree. */
export function openExports(services: Services): Exports {
  return createExports(services, exportSources(services), exportApproval(services))
}
