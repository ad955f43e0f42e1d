import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** All metrics of a process; `GET /metrics` prints them. */
export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    callbacks: new Counter({
      name: 'nuanyu_callbacks_total',
      help: 'Callbacks by outcome',
      labelNames: ['outcome'],
      registers: [registry],
    }),
    acknowledge: new Histogram({
      name: 'nuanyu_callback_ack_seconds',
      help: 'Callback received to acknowledged',
      buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
      registers: [registry],
    }),
    welcome: new Histogram({
      name: 'nuanyu_welcome_seconds',
      help: 'Callback received to welcome answered by the platform',
      buckets: [0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5, 10, 18],
      registers: [registry],
    }),
    welcomes: new Counter({
      name: 'nuanyu_welcomes_total',
      help: 'Welcomes by outcome',
      labelNames: ['outcome'],
      registers: [registry],
    }),
    linkOpens: new Counter({
      name: 'nuanyu_link_opens_total',
      help: 'Openings of tracked links by outcome',
      labelNames: ['outcome'],
      registers: [registry],
    }),
    calls: new Counter({
      name: 'nuanyu_platform_calls_total',
      help: 'Calls to the platform',
      labelNames: ['api', 'errcode'],
      registers: [registry],
    }),
    inboxDepth: new Gauge({
      name: 'nuanyu_inbox_depth',
      help: 'Callbacks stored and not yet settled',
      registers: [registry],
    }),
  }
}

export type Metrics = ReturnType<typeof createMetrics>
