import { connect, type Socket } from 'node:net'

/**
 * A raw generator of requests: sockets kept open, requests written as bytes, answers read by their status line.
 * Runs in a process of its own, so that its work is not the server's; reads a plan on stdin, prints one JSON object.
 */
export interface GeneratorPlan {
  readonly host: string
  readonly port: number
  readonly connections: number
  /** Requests a second, or 0: each connection sends the next as soon as the last is answered. */
  readonly rate: number
  /** Without a body it is a person's browser inside WeChat that asks. */
  readonly requests: readonly { readonly path: string; readonly body?: string }[]
  /** Stop after so long, ms. */
  readonly limitMs: number
}

export interface GeneratorReport {
  readonly sent: number
  readonly answered: number
  readonly refused: number
  readonly broken: number
  readonly elapsedMs: number
  /** Latency of every answer, ms, ascending. */
  readonly latencies: readonly number[]
  /** Of requests without a body: how often each path was answered. */
  readonly answeredOf: Readonly<Record<string, number>>
}

const browser = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.50'

export async function generate(plan: GeneratorPlan): Promise<GeneratorReport> {
  const buffers = plan.requests.map(({ path, body }) =>
    Buffer.from(
      body === undefined
        ? `GET ${path} HTTP/1.1\r\nHost: bench\r\nUser-Agent: ${browser}\r\n\r\n`
        : `POST ${path} HTTP/1.1\r\nHost: bench\r\nContent-Type: text/xml\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    ),
  )
  const started = performance.now()
  const latencies: number[] = []
  const answeredOf: Record<string, number> = {}
  let next = 0
  let refused = 0
  let broken = 0
  let finish: () => void = () => undefined
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const idle: (() => void)[] = []
  let open = 0

  const due = (): boolean => plan.rate === 0 || next < ((performance.now() - started) / 1000) * plan.rate
  const over = (): boolean => next >= buffers.length || performance.now() - started > plan.limitMs

  function run(socket: Socket): void {
    let sentAt = 0
    let path: string | undefined
    let head = ''
    const send = (): void => {
      if (over()) {
        socket.end()
        return
      }
      if (!due()) {
        idle.push(send)
        return
      }
      // latency counts from when the request was due, not from when a connection was free for it
      const dueAt = plan.rate === 0 ? performance.now() : started + (next / plan.rate) * 1000
      const buffer = buffers[next]
      const request = plan.requests[next]
      path = request?.body === undefined ? request?.path : undefined
      next += 1
      sentAt = dueAt
      if (buffer !== undefined) socket.write(buffer)
    }
    socket.on('data', (chunk) => {
      head += chunk.toString('latin1')
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      const length = Number(/content-length: (\d+)/i.exec(head.slice(0, end))?.[1] ?? 0)
      if (head.length < end + 4 + length) return
      if (head.startsWith('HTTP/1.1 200') || head.startsWith('HTTP/1.1 302')) {
        latencies.push(performance.now() - sentAt)
        if (path !== undefined) answeredOf[path] = (answeredOf[path] ?? 0) + 1
      } else refused += 1
      head = ''
      sentAt = 0
      send()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (sentAt !== 0) broken += 1
      open -= 1
      if (open === 0) finish()
    })
    send()
  }

  const pacer =
    plan.rate === 0
      ? undefined
      : setInterval(() => {
          while (idle.length > 0 && (due() || over())) idle.pop()?.()
        }, 1)
  for (let i = 0; i < plan.connections; i += 1) {
    open += 1
    const socket = connect({ host: plan.host, port: plan.port, noDelay: true }, () => run(socket))
    socket.once('error', () => undefined)
  }
  await finished
  clearInterval(pacer)
  latencies.sort((a, b) => a - b)
  const elapsedMs = performance.now() - started
  return { sent: next, answered: latencies.length, refused, broken, elapsedMs, latencies, answeredOf }
}

if (import.meta.main) {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  const plan = JSON.parse(Buffer.concat(chunks).toString('utf8')) as GeneratorPlan
  const report = await generate(plan)
  process.stdout.write(JSON.stringify(report))
}
