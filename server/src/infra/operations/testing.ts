import type { Operations, OperationView } from './operations.ts'

/** The operation as it ended, however it ended; one that never does is ended by the test's own limit. */
export async function operationOver(
  operations: Pick<Operations, 'find'>,
  corpId: number,
  id: string,
): Promise<OperationView> {
  for (;;) {
    const view = await operations.find(corpId, id)
    if (view !== undefined && view.finishedAt !== null) return view
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
