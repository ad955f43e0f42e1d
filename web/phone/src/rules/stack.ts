/** What the phone shows on top of its four tabs; the last one is seen. */
export type Screen =
  | { readonly name: 'chat'; readonly peer: string }
  | { readonly name: 'chatInfo'; readonly peer: string }
  | { readonly name: 'profile'; readonly peer: string }
  /** The Official Account's own page. */
  | { readonly name: 'official'; readonly content?: string }
  /** The brand's mini program, opened by a code or by itself. */
  | { readonly name: 'shop'; readonly content?: string }
  /** A page of the brand in WeChat's own browser. */
  | { readonly name: 'web'; readonly address: string }
  /** A member's mass sends and Moments to confirm. */
  | { readonly name: 'assistant' }
  /** 朋友圈: a customer's, or what a member publishes to his. */
  | { readonly name: 'moments' }
  | { readonly name: 'scan' }
  | { readonly name: 'scanned'; readonly content: string }

export type Stack = readonly Screen[]

export function push(stack: Stack, screen: Screen): Stack {
  return [...stack, screen]
}

export function pop(stack: Stack): Stack {
  return stack.slice(0, -1)
}

/** After an add, WeChat goes to the chat and back leads to the list, not to the scanned card. */
export function openChat(stack: Stack, peer: string): Stack {
  const at = stack.findIndex((screen) => screen.name === 'chat' && screen.peer === peer)
  return at >= 0 ? stack.slice(0, at + 1) : [{ name: 'chat', peer }]
}

export function keyOf(screen: Screen): string {
  return 'peer' in screen
    ? `${screen.name}:${screen.peer}`
    : 'content' in screen
      ? `${screen.name}:${screen.content}`
      : 'address' in screen
        ? `${screen.name}:${screen.address}`
        : screen.name
}
