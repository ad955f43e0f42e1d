/** Where to go after the log-in: only an address of this console, so that a link cannot lead a person elsewhere. */
export function localAddress(next: string | undefined): string {
  if (next === undefined || !/^\/[^/\\]/.test(next) || next.startsWith('/login')) return '/'
  return next
}
