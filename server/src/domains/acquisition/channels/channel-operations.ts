import type { Services } from '../../../infra/services.ts'
import { findOrphans, orphansKind } from '../codes/code-orphans.ts'
import { bulkKind, runBulk } from './channel-bulk.job.ts'
import type { BulkInput } from './channel-bulk.schema.ts'

/** The long operations of channels; call before operations are started. */
export function defineChannelOperations(services: Services): void {
  services.operations.define<BulkInput>(bulkKind, (run) => runBulk(services, run))
  services.operations.define(orphansKind, (run) => findOrphans(services, run))
}
