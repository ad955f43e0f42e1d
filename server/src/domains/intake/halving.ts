/**
 * Does a list whole. Where its content is refused it is halved, until what is refused stands alone: one poisoned item
 * must not take its neighbours with it. Any other error ends it.
 */
export async function inHalves<T>(
  list: readonly T[],
  ports: {
    readonly attempt: (part: readonly T[]) => Promise<void>
    readonly isRefusal: (error: unknown) => boolean
    readonly alone: (item: T, error: unknown) => Promise<void>
  },
): Promise<void> {
  const [first] = list
  if (first === undefined) return
  try {
    await ports.attempt(list)
  } catch (error) {
    if (!ports.isRefusal(error)) throw error
    if (list.length === 1) return ports.alone(first, error)
    const middle = Math.ceil(list.length / 2)
    await inHalves(list.slice(0, middle), ports)
    await inHalves(list.slice(middle), ports)
  }
}
