/** Whether nothing of a run's report can change any more but by what is told late. */
export function isFinal(
  { state }: { readonly state: string },
  { asOf, closesAt }: { readonly asOf: Date; readonly closesAt: Date | null },
): boolean {
  return !['canary', 'running', 'paused'].includes(state) && (closesAt === null || asOf >= closesAt)
}

/** Whether a run went out to some of its members only: its canary is out, or stopped it, or somebody cancelled the rest. */
export function isPartial({ state }: { readonly state: string }): boolean {
  return state === 'canary' || state === 'stopped' || state === 'cancelled'
}
