export const callbackStates = ['done', 'pending', 'retrying', 'dead'] as const
export type CallbackState = (typeof callbackStates)[number]

export const stateColours = { done: 'success', pending: 'processing', retrying: 'warning', dead: 'error' } as const

export function isCallbackState(text: string | undefined): text is CallbackState {
  return callbackStates.some((state) => state === text)
}
