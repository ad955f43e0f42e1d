/** Whether a run went out to some of its members only: its canary is out, or stopped it, or somebody cancelled the rest. */
export function isPartial({ state }: { readonly state: string }): boolean {
  return state === 'canary' || state === 'stopped' || state === 'cancelled'
}
