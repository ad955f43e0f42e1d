import type { Services } from '../../../infra/services.ts'
import { runStoreImport, type StoreImportInput, storeImportKind } from './stores.import.ts'

/** The long operations of stores; call before operations are started. */
export function defineStoreOperations(services: Pick<Services, 'db' | 'clock' | 'operations'>): void {
  services.operations.define<StoreImportInput>(storeImportKind, (run) => runStoreImport(services, run))
}
