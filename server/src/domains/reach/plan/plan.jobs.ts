import type { Services } from '../../../infra/services.ts'
import { planKind } from '../campaigns/start.jobs.ts'
import { type Begin, type PlanRequest, planRun } from './planning.ts'

/** Call before operations are started. */
export function definePlanning(services: Pick<Services, 'db' | 'clock' | 'operations'>, begin: Begin): void {
  services.operations.define<PlanRequest>(planKind, (run) => planRun(services, run, begin))
}
