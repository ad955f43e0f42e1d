import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net'

/** A moment at which the suite acts: when `marker` passes from the server to what stands behind the proxy. */
export interface Trap {
  readonly marker: string
  /** `before`: the bytes are not passed on. `after`: they are, and their answer is held back. */
  readonly when: 'before' | 'after'
  /** The nth passing, from 1. */
  readonly nth: number
  readonly spring: () => void
}

export interface WireProxy {
  readonly port: number
  set(trap: Trap | undefined): void
  /** How often a marker passed since the start. */
  readonly sprung: boolean
  close(): Promise<void>
}

/**
 * Passes bytes between the server and PostgreSQL or the platform, and springs a trap when a marker passes: so the server
 * is killed at an exact step without a line about it in the server.
 */
export async function startWireProxy(target: NetConnectOpts): Promise<WireProxy> {
  let trap: Trap | undefined
  let seen = 0
  let sprung = false
  const sockets = new Set<Socket>()

  const server = createServer((client) => {
    const behind = connect(target)
    let holding = false
    for (const socket of [client, behind]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        behind.destroy()
      })
    }
    client.on('data', (chunk) => {
      if (trap !== undefined && chunk.includes(trap.marker)) seen += 1
      if (trap === undefined || seen !== trap.nth) {
        behind.write(chunk)
        return
      }
      const { when, spring } = trap
      trap = undefined
      sprung = true
      holding = true
      if (when === 'after') behind.write(chunk, () => setTimeout(spring, 30))
      else spring()
    })
    behind.on('data', (chunk) => {
      if (!holding) client.write(chunk)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    set(next) {
      trap = next
      seen = 0
      sprung = false
    },
    get sprung() {
      return sprung
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
