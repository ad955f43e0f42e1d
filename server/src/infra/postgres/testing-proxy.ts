import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to the database that a test can close, hold or make forgetful. */
export interface DatabaseProxy {
  /** The database's address by way of the proxy. */
  readonly url: string
  /** Breaks what is open and refuses what is new. */
  cut(): void
  /** Takes what comes and answers nothing, as a network that swallows packets does. */
  hang(): void
  restore(): void
  /** The next statement with this text arrives and is carried out; its answer is lost with the connection. */
  loseAnswerOf(marker: string): void
  close(): Promise<void>
}

export async function proxyTo(databaseUrl: string): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl)
  const host = decodeURIComponent(target.hostname)
  let state: 'open' | 'cut' | 'hanging' = 'open'
  let losing: string | undefined
  const sockets = new Set<Socket>()
  const destroyAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  const server = createServer((client) => {
    if (state === 'cut') {
      client.destroy()
      return
    }
    // a database of this machine is reached by a port, or by a socket in a folder that stands as the host
    const behind = connect(
      host.startsWith('/') ? { path: `${host}/.s.PGSQL.${target.port}` } : { host, port: Number(target.port) },
    )
    let deaf = false
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
      if (state === 'hanging') return
      if (losing !== undefined && chunk.includes(losing)) {
        losing = undefined
        deaf = true
      }
      behind.write(chunk)
    })
    behind.on('data', (chunk) => {
      if (state === 'hanging') return
      // an answer came, so it was carried out
      if (deaf) client.destroy()
      else client.write(chunk)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    cut() {
      state = 'cut'
      destroyAll()
    },
    hang() {
      state = 'hanging'
    },
    restore() {
      // what hung has lost bytes on its way
      if (state === 'hanging') destroyAll()
      state = 'open'
    },
    loseAnswerOf(marker) {
      losing = marker
    },
    async close() {
      destroyAll()
      server.close()
      await once(server, 'close')
    },
  }
}
