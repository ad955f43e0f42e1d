import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'

export type Import = components['schemas']['Import']
export type ImportItem = components['schemas']['ImportItem']
export type ImportKind = Import['kind']

export const importsKey = ['imports'] as const
export const kinds = ['customers', 'orders', 'members', 'tags', 'stores'] as const satisfies readonly ImportKind[]

/** Which step of the wizard a state belongs to. */
export function stepOf(state: Import['state']): number {
  if (state === 'uploading') return 0
  if (state === 'ready') return 1
  return state === 'checking' || state === 'checked' ? 2 : 3
}

export const isWorking = (state: Import['state']) => state === 'checking' || state === 'running'

const partBytes = 4 * 1_048_576

/** Sends a file in parts, each where the one before ended, and has it read. */
export async function sendFile(kind: ImportKind, file: File, onSent: (share: number) => void): Promise<Import> {
  const made = await ask(api.POST('/api/imports', { body: { kind, file_name: file.name, size: file.size } }))
  const path = { id: made.id }
  for (let received = 0; received < file.size; ) {
    const part = file.slice(received, received + partBytes)
    const answer = await ask(
      api.PUT('/api/imports/{id}/file', {
        params: { path, query: { offset: received } },
        headers: { 'content-type': 'application/octet-stream' },
        body: part as never,
        // the generated type has no word for bytes
        bodySerializer: () => part as never,
      }),
    )
    received = answer.received
    onSent(received / file.size)
  }
  return ask(api.POST('/api/imports/{id}/look', { params: { path } }))
}
