/** `GET /healthz`, the one answer that is not part of the API: it works without a log-in, for probes too. */
export interface Health {
  ok: boolean
  version: string
  database: { kind: string; version: string | null }
  migration: string
  roles: string[]
  sandbox: boolean
  inbox: { depth: number; stored: number | null; oldest_s: number | null; dead: number | null }
  jobs: { waiting: number | null }
  problem: string | null
}

type Loose = Readonly<Record<string, unknown>>

function loose(value: unknown): Loose {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** Reads what is there; what an older or newer server does not say becomes null, never a guess. */
export function parseHealth(raw: unknown): Health {
  const all = loose(raw)
  const database = loose(all.database)
  const inbox = loose(all.inbox)
  return {
    ok: all.ok === true,
    version: text(all.version) ?? '?',
    database: { kind: text(database.kind) ?? '?', version: text(database.version) },
    migration: text(all.migration) ?? '?',
    roles: Array.isArray(all.roles) ? all.roles.filter((role) => typeof role === 'string') : [],
    sandbox: all.sandbox === true,
    inbox: {
      depth: number(inbox.depth) ?? 0,
      stored: number(inbox.stored),
      oldest_s: number(inbox.oldest_s),
      dead: number(inbox.dead),
    },
    jobs: { waiting: number(loose(all.jobs).waiting) },
    problem: text(all.problem),
  }
}
