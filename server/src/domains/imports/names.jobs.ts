import { createRounds, type Rounds } from '../../infra/rounds.ts'
import type { Services } from '../../infra/services.ts'
import { indexNames } from './imported-customers.store.ts'

const lookMs = 60_000

/** Names that were imported before they could be found by their fingerprint; nothing to do once all have one. */
export function createImportUpkeep({ db, vault, log }: Pick<Services, 'db' | 'vault' | 'log'>): Rounds {
  const rounds = createRounds({
    everyMs: lookMs,
    async pass() {
      while ((await indexNames(db, vault)) > 0 && !rounds.isStopped());
    },
    what: 'imported names',
    log,
  })
  return rounds
}
