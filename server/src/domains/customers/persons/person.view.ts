import type { z } from '@hono/zod-openapi'
import { type Actor, seesPersonalData } from '../../../infra/auth/actor.ts'
import { nameFor } from '../../../infra/auth/mask.ts'
import type { identityView, personMerge, personPair, personSide } from './person.schema.ts'
import type { MergeRow, PairRow, PersonSide } from './person-views.store.ts'

/** Of a phone only a fingerprint is kept: there is nothing to show. */
const fingerprints: ReadonlySet<string> = new Set(['phone', 'phone_typed', 'remark_mobile'])

export function presentIdentity(
  actor: Actor,
  { home, kind, value, seenAt }: PersonSide['identities'][number],
  root = home,
): z.infer<typeof identityView> {
  const shown = fingerprints.has(kind) ? '' : seesPersonalData(actor) ? value : maskId(value)
  return { home_id: home, kind, value: shown, seen_at: new Date(seenAt).toISOString(), may_part: home !== root }
}

/** `wmAbCdEfGh` → `wmA****Gh`: enough to tell two apart, too little to find anybody by. */
export function maskId(value: string): string {
  return value.length <= 6 ? '****' : `${value.slice(0, 3)}****${value.slice(-2)}`
}

export function presentSide(actor: Actor, home: number, side: PersonSide | undefined): z.infer<typeof personSide> {
  return {
    home_id: home,
    person_id: side?.root ?? home,
    name: nameFor(actor, side?.name ?? ''),
    avatar: side?.avatar ?? null,
    identities: (side?.identities ?? []).map((one) => presentIdentity(actor, one, side?.root)),
    members: [...(side?.members ?? [])],
  }
}

export function presentPair(
  actor: Actor,
  { low, high, kind, source, at }: PairRow,
  sides: ReadonlyMap<number, PersonSide>,
): z.infer<typeof personPair> {
  return {
    kind,
    source,
    at: at.toISOString(),
    low: presentSide(actor, low, sides.get(low)),
    high: presentSide(actor, high, sides.get(high)),
  }
}

export function presentMerge(
  actor: Actor,
  row: MergeRow,
  sides: ReadonlyMap<number, PersonSide>,
): z.infer<typeof personMerge> {
  // who joined is shown by what he brought, even while both are one person
  const own = (homes: readonly number[], side: PersonSide | undefined) =>
    side && { ...side, identities: side.identities.filter(({ home }) => homes.includes(home)) }
  return {
    id: row.id,
    kind: row.kind,
    part: presentSide(actor, row.part, own(row.homes, sides.get(row.part))),
    root: presentSide(actor, row.root, own(row.others, sides.get(row.root))),
    homes: [...row.homes],
    source: row.source,
    reference: row.reference,
    evidence_at: row.evidenceAt?.toISOString() ?? null,
    reason: row.reason,
    by: row.by,
    at: row.at.toISOString(),
    undone_at: row.undoneAt?.toISOString() ?? null,
    may_undo: row.kind === 'merged' && row.undoneAt === null,
  }
}
