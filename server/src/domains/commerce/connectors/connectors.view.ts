import { z } from 'zod'
import type { Config } from '../../../infra/config.ts'
import { connectorOf, folderOf } from './all.ts'
import type { connectorFault, connectorVersion, connectorView } from './connectors.schema.ts'
import type { ConnectorVersion, StoredConnector, StoredFault } from './connectors.store.ts'

type Language = 'zh' | 'en'

const settings = z.record(z.string(), z.unknown()).catch({})

export function presentConnector(
  found: StoredConnector,
  language: Language,
  config: Pick<Config, 'publicUrl' | 'dataDir'>,
): z.infer<typeof connectorView> {
  const kind = connectorOf(found.kind)
  return {
    ...{ id: found.id, kind: found.kind, kind_name: kind?.name[language] ?? found.kind, name: found.name },
    config: settings.parse(found.config),
    ...{ enabled: found.enabled, pulls: kind?.pull !== undefined, receives: kind?.receive !== undefined },
    address: kind?.receive === undefined ? null : `${config.publicUrl}/callbacks/connectors/${found.id}`,
    folder: kind?.hasFolder === true ? folderOf(config, found.id) : null,
    ...{ version: found.version, failures: found.failures, next_try_at: found.nextAt?.toISOString() ?? null },
    last_try_at: found.lastTryAt?.toISOString() ?? null,
    last_ok_at: found.lastOkAt?.toISOString() ?? null,
    failure: found.failure?.[language] ?? null,
    latest_fact_at: found.latestFactAt?.toISOString() ?? null,
    ...{ lag_ms: found.lagMs, replay_from: found.replayFrom?.toISOString() ?? null },
    replayed_from: found.replayedFrom?.toISOString() ?? null,
    replayed_at: found.replayedAt?.toISOString() ?? null,
    ...{ accepted: found.accepted, unchanged: found.unchanged, rejected: found.rejected },
    created_at: found.createdAt.toISOString(),
  }
}

export function presentVersion({ config, at, byName, ...rest }: ConnectorVersion): z.infer<typeof connectorVersion> {
  return { ...rest, config: settings.parse(config), at: at.toISOString(), by: byName }
}

export function presentFault(
  { at, number, field, said, hint }: StoredFault,
  language: Language,
): z.infer<typeof connectorFault> {
  return { at: at.toISOString(), number, field, reason: said[language], hint: hint[language] }
}
