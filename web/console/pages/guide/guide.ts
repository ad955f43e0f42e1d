import { useQuery } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { queryClient } from '../../lib/queryClient.ts'

export type Guide = components['schemas']['Guide']
export type Step = Guide['steps'][number]
export type Report = components['schemas']['DoctorReport']
export type Finding = Report['findings'][number]
export type AppKey = 'nuanyu' | 'contacts'

/** While an address waits for the platform's verification the page looks by itself. */
const waitingMs = 3_000

export function useGuide() {
  return useQuery({
    queryKey: ['guide'],
    queryFn: () => ask(api.GET('/api/guide')),
    refetchInterval: (query) =>
      query.state.data?.apps.some((app) => app.has_callback && app.verified_at === null) ? waitingMs : false,
  })
}

export function refreshGuide(): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: ['guide'] })
}

/** How far it is: skipped steps count as done, because nothing is left to do. */
export function progressOf(steps: readonly Pick<Step, 'state'>[]): { done: number; total: number; problems: number } {
  return {
    done: steps.filter((step) => step.state === 'done' || step.state === 'skipped').length,
    total: steps.length,
    problems: steps.filter((step) => step.state === 'problem').length,
  }
}

/** The step to open first: one with a problem, else the first to do. */
export function nextStep(steps: readonly Pick<Step, 'state' | 'id'>[]): string | undefined {
  return (steps.find((step) => step.state === 'problem') ?? steps.find((step) => step.state === 'open'))?.id
}

export const stateColours = { done: 'success', problem: 'error', skipped: 'default', open: 'processing' } as const
export const severityColours = { red: 'error', amber: 'warning', info: 'processing' } as const
