import {
  judgeStore,
  knownForStores,
  type StoreChange,
  type StoreRow,
  saveStores,
  storeFieldNames,
} from '../organisation/index.ts'
import {
  changed,
  fresh,
  inOrder,
  rejected,
  type Taker,
  type TakerJob,
  type TakerNeeds,
  type Unit,
  type UnitOutcome,
  unchanged,
} from './taker.ts'

/** Stores by their code, judged as the page of stores judges them. */
export function storesTaker({ db, clock }: TakerNeeds, { import: { corpId }, trial }: TakerJob): Taker {
  const codes = new Set<string>()
  const departments = new Map<number, string>()
  return {
    chunk: 500,
    async take(units, settle) {
      const outcomes = new Map<Unit, UnitOutcome>()
      const rows = units.map((unit) => ({ unit, row: storeRowOf(unit) }))
      const changes: StoreChange[] = []
      await db.transaction().execute(async (tx) => {
        const known = await knownForStores(
          tx,
          corpId,
          rows.map(({ row }) => row),
        )
        for (const { unit, row } of rows) {
          const judged = judgeStore(row, { ...known, earlier: { codes, departments } })
          codes.add(row.code)
          if ('said' in judged) {
            const hint = { zh: '请修改后再导入这一行', en: 'Mend this row and import it again' }
            outcomes.set(unit, rejected({ field: 'code', said: judged.said, hint }))
            continue
          }
          const { departmentId } = judged.fields
          if (departmentId !== null) departments.set(departmentId, row.code)
          outcomes.set(unit, judged.id === undefined ? fresh : judged.changed.length > 0 ? changed : unchanged)
          if (judged.id === undefined || judged.changed.length > 0) changes.push(judged)
        }
        if (!trial) await saveStores(tx, corpId, changes, clock.now())
        await settle(inOrder(units, outcomes), tx)
      })
    },
  }
}

function storeRowOf({ line, rows: [cells = new Map<string, string>()] }: Unit): StoreRow {
  const fields = storeFieldNames.flatMap((field) => {
    const cell = cells.get(field)
    return cell === undefined ? [] : [[field, cell] as const]
  })
  return { line, code: cells.get('code') ?? '', ...Object.fromEntries(fields) }
}
