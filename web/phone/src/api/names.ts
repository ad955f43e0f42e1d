/** Names seen in any answer, so that the stream can call people by name without asking for each. */
const names = new Map<string, string>()

export function rememberName(id: string, name: string): void {
  names.set(id, name)
}

export function nameOf(id: string): string {
  return names.get(id) ?? id
}
