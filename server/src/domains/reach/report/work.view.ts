import type { z } from '@hono/zod-openapi'
import type { workView } from './work.schema.ts'
import type { Work } from './works.store.ts'

export function presentWork(work: Work | undefined): z.output<typeof workView> | null {
  if (work === undefined) return null
  const { state, askedAt, operationId, done, total } = work
  return {
    state: state === 'waiting' || state === 'running' ? state : 'failed',
    ...{ asked_at: askedAt.toISOString(), operation_id: operationId, done, total },
  }
}
