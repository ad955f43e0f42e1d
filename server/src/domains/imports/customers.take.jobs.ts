import { systemClock } from '../../infra/clock.ts'
import type { Executor, Tx } from '../../infra/db/database.ts'
import { nameIndexOf } from '../../infra/secrets/name.ts'
import { homesOfFacts } from '../commerce/index.ts'
import { correctWords, fieldsOf, identityKey, importFields, knownHomesOf } from '../customers/index.ts'
import { listGroups, listTags, recordFacts } from '../tags/index.ts'
import { type CustomerReading, type CustomerRow, readCustomer } from './customer-row.ts'
import { withoutErased } from './erased-rows.store.ts'
import { digestsOf, writeImported } from './imported-customers.store.ts'
import { readRow } from './rows.ts'
import { type TagNames, tagNames } from './tag-names.ts'
import {
  changed,
  fresh,
  inOrder,
  type SoundUnit,
  soundUnits,
  type Taker,
  type TakerJob,
  type TakerNeeds,
  type Unit,
  type UnitOutcome,
  unchanged,
} from './taker.ts'

type Sound = SoundUnit<CustomerRow>

type Reading = ReturnType<typeof readRow<CustomerRow>>

interface Placed extends Sound {
  readonly home: number
}

export async function readTagNames(on: Executor, corpId: number): Promise<TagNames> {
  const groups = new Map((await listGroups(on, corpId)).map((group) => [group.id, group.name]))
  const tags = await listTags(on, corpId)
  return tagNames(tags.map(({ id, name, groupId }) => ({ id, name, group: groups.get(groupId) ?? '' })))
}

/**
 * People of a table. Some statements a chunk; what the rows come to does not depend on where chunks or files end: of
 * several rows of a person each cell of the later one wins.
 */
export async function customersTaker(services: TakerNeeds, job: TakerJob): Promise<Taker> {
  const { corpId } = job.import
  const reading: CustomerReading = {
    fields: new Map((await fieldsOf(services.db, corpId)).map((field) => [field.id, field])),
    tags: await readTagNames(services.db, corpId),
    vault: services.vault,
  }
  const readings = new WeakMap<Unit, Reading>()
  const read = (unit: Unit) => readings.get(unit) ?? readRow(() => readCustomer(unit.rows[0] ?? new Map(), reading))
  return {
    chunk: 2_000,
    prepare: (unit) => void readings.set(unit, read(unit)),
    async take(units, settle) {
      const outcomes = new Map<Unit, UnitOutcome>()
      const sound = soundUnits(units, read, outcomes)
      if (job.trial) {
        await judge(
          services.db,
          corpId,
          await withoutErased(services.db, services.vault, corpId, sound, outcomes),
          outcomes,
        )
        return settle(inOrder(units, outcomes))
      }
      await services.db.transaction().execute(async (tx) => {
        await write(tx, services, job, sound, outcomes)
        await settle(inOrder(units, outcomes), tx)
      })
    },
  }
}

async function judge(on: Executor, corpId: number, sound: readonly Sound[], outcomes: Map<Unit, UnitOutcome>) {
  const known = await knownHomesOf(
    on,
    corpId,
    sound.flatMap(({ row }) => row.identities),
  )
  const homeOf = ({ row }: Sound) =>
    row.identities.map((one) => known.get(identityKey(one))).find((home) => home !== undefined)
  const digests = await digestsOf(
    on,
    sound.flatMap((one) => homeOf(one) ?? []),
  )
  for (const one of sound) {
    const home = homeOf(one)
    if (home === undefined) outcomes.set(one.unit, fresh)
    else outcomes.set(one.unit, digests.get(home)?.equals(one.row.digest) ? unchanged : changed)
  }
}

async function write(
  tx: Tx,
  { vault, clock }: TakerNeeds,
  { import: { id, corpId, createdAt } }: TakerJob,
  given: readonly Sound[],
  outcomes: Map<Unit, UnitOutcome>,
): Promise<void> {
  const sound = await withoutErased(tx, vault, corpId, given, outcomes)
  const known = await knownHomesOf(
    tx,
    corpId,
    sound.flatMap(({ row }) => row.identities),
  )
  const homes = await homesOfFacts(
    tx,
    { corpId, vault, now: clock.now() },
    sound.map(({ unit, row }) => ({
      identities: row.identities,
      told: 'import',
      reference: `${id}:${unit.line}`,
      at: createdAt,
    })),
  )
  const placed = sound.map((one, at): Placed => {
    const home = homes[at]
    if (home === undefined) throw new Error(`row ${one.unit.line} has no home`)
    return { ...one, home }
  })
  const digests = await digestsOf(tx, homes)
  const telling: Placed[] = []
  for (const [home, rows] of Map.groupBy(placed, (one) => one.home)) {
    const before = digests.get(home)
    const same = before !== undefined && rows.every(({ row }) => row.digest.equals(before))
    if (!same) telling.push(...rows)
    for (const [at, { unit, row }] of rows.entries()) {
      const isKnown = at > 0 || row.identities.some((one) => known.has(identityKey(one)))
      outcomes.set(unit, same ? unchanged : isKnown ? changed : fresh)
    }
  }
  const persons = [...Map.groupBy(telling, (one) => one.home)].map(([home, rows]) => folded(home, rows))
  await writeImported(
    tx,
    corpId,
    id,
    persons.map(({ home, digest, name, phone }) => ({
      ...{ home, digest },
      name: name === undefined ? null : vault.seal(name),
      nameIndex: name === undefined ? null : nameIndexOf(vault, name),
      phone: phone === undefined ? null : vault.seal(phone),
    })),
    createdAt,
  )
  await importFields(
    tx,
    corpId,
    persons.map(({ home, values }) => ({ home, changes: [...values].map(([field, value]) => ({ field, value })) })),
    vault,
    { cause: `import:${id}`, at: createdAt },
  )
  const words = persons.flatMap(({ home, tagIds }) => tagIds.map((tagId) => ({ customerId: home, tagId })))
  await recordFacts(
    tx,
    corpId,
    words.map((one) => ({
      ...one,
      ...{ source: 'import', reference: 'import', says: true, at: createdAt, evidence: { import: id } },
    })),
    systemClock.now(),
  )
  await correctPhones(tx, corpId, placed, outcomes)
}

/** A number that a later row corrects proposes nobody any more: as of every cell, the later one counts. */
async function correctPhones(
  tx: Tx,
  corpId: number,
  placed: readonly Placed[],
  outcomes: ReadonlyMap<Unit, UnitOutcome>,
): Promise<void> {
  const typed = placed.flatMap(({ unit, home, row }) => {
    const phone = row.identities.find(({ kind }) => kind === 'phone_typed')
    return phone === undefined ? [] : [{ unit, home, phone }]
  })
  const last = new Map(typed.map((one) => [one.home, one]))
  const homes = new Set(typed.filter(({ unit }) => outcomes.get(unit) === changed).map(({ home }) => home))
  const kept = [...last.values()].filter(({ home }) => homes.has(home))
  await correctWords(
    tx,
    corpId,
    kept.map(({ home, phone }) => ({ word: 'import', home, identities: [phone], kind: phone.kind })),
  )
}

/** Several rows of one person, as if they had come one after the other. */
function folded(home: number, rows: readonly Placed[]) {
  const values = new Map(rows.flatMap(({ row }) => [...row.values]))
  const last = rows.at(-1)
  if (last === undefined) throw new Error('no rows to fold')
  return {
    home,
    digest: last.row.digest,
    name: rows.findLast(({ row }) => row.name !== undefined)?.row.name,
    phone: rows.findLast(({ row }) => row.phone !== undefined)?.row.phone,
    values,
    tagIds: [...new Set(rows.flatMap(({ row }) => row.tagIds))],
  }
}
