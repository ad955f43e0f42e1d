const ownMachine = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Where this browser finds the sandbox's phone. The server knows it by its own machine's name; a browser elsewhere
 * reaches that machine by the name that it opened the console with.
 */
export function phoneAddress(known: string, here: string): string {
  const url = new URL(known)
  if (ownMachine.has(url.hostname)) url.hostname = here
  return url.href
}
