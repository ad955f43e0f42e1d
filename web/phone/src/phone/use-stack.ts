import { useCallback, useEffect, useState } from 'react'
import { openChat as openChatOn, pop as popOff, push as pushOn, type Screen, type Stack } from '../rules/stack.ts'

const SLIDE_MS = 260

function depthOf(state: unknown): number {
  return typeof state === 'object' && state !== null && 'depth' in state && typeof state.depth === 'number'
    ? state.depth
    : 0
}

/** The phone's screens. The browser's own back button (on a real phone: the gesture) goes back here too. */
export function useStack(initial: Stack) {
  const [stack, setStack] = useState<Stack>(initial)
  const [leaving, setLeaving] = useState<Screen | undefined>()

  const shrink = useCallback((next: Stack, top: Screen | undefined) => {
    setLeaving(top)
    setStack(next)
  }, [])

  useEffect(() => {
    if (!leaving) return
    const timer = setTimeout(() => setLeaving(undefined), SLIDE_MS)
    return () => clearTimeout(timer)
  }, [leaving])

  useEffect(() => {
    function onPopState(event: PopStateEvent) {
      const depth = depthOf(event.state)
      if (depth < stack.length) shrink(stack.slice(0, depth), stack.at(-1))
    }
    window.addEventListener('popstate', onPopState)
    return () => window.removeEventListener('popstate', onPopState)
  }, [stack, shrink])

  const push = useCallback(
    (screen: Screen) => {
      history.pushState({ depth: stack.length + 1 }, '')
      setStack(pushOn(stack, screen))
    },
    [stack],
  )
  const pop = useCallback(() => {
    if (stack.length === 0) return
    shrink(popOff(stack), stack.at(-1))
    if (depthOf(history.state) === stack.length) history.back()
  }, [stack, shrink])
  const openChat = useCallback(
    (peer: string) => {
      const next = openChatOn(stack, peer)
      if (stack.length === 0) history.pushState({ depth: next.length }, '')
      else history.replaceState({ depth: next.length }, '')
      setStack(next)
    },
    [stack],
  )
  const home = useCallback(() => shrink([], stack.at(-1)), [stack, shrink])

  return { stack, leaving, push, pop, openChat, home }
}
