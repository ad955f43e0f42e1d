import type { Tx } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import { type ComputeInput, computeKind, scheduleAudience } from './compute.jobs.ts'
import { type AudienceInput, addAudience, findAudience, lockRules } from './saved.store.ts'

/** Audiences that nobody made by hand, such as those of the demo; computed by a job. Answers their ids, as they were given. */
export async function seedAudiences(
  services: Pick<Services, 'clock' | 'due' | 'operations'>,
  tx: Tx,
  corpId: number,
  inputs: readonly AudienceInput[],
): Promise<readonly string[]> {
  await lockRules(tx, corpId)
  const ids: string[] = []
  for (const input of inputs) {
    const id = await addAudience(tx, input, { corpId, by: null, at: services.clock.now(), note: '' })
    ids.push(id)
    const audience = await findAudience(tx, corpId, id)
    if (audience) await scheduleAudience(services, tx, audience)
  }
  const input: ComputeInput = { ids, cause: 'start' }
  await services.operations.begin({ kind: computeKind, corpId, input, startedBy: 'system' }, tx)
  return ids
}
