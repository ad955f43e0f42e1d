import { z } from 'zod'
import type { Actor } from '../../../infra/auth/actor.ts'
import type { Services } from '../../../infra/services.ts'
import { type Cell, type ExportPage, type ExportSource, exportSource } from '../../exports/index.ts'
import { customersQuery } from '../list/customers.schema.ts'
import { type CustomerAsk, countCustomers, customersAsked } from '../list/customers.store.ts'
import { customerCells, customerHeader } from './customer-table.ts'
import { exportRows } from './export-rows.store.ts'

const atOnce = 500
const filters = customersQuery.omit({ cursor: true, limit: true })
type Filters = z.output<typeof filters>

/** What a table tells of persons, for whoever knows which: header, and rows by their ids, masked for who asks. */
export interface CustomerTable {
  header(actor: Actor): readonly string[]
  rows(actor: Actor, ids: readonly number[], zone: string): Promise<readonly (readonly Cell[])[]>
}

export function customerTable({ db, vault }: Pick<Services, 'db' | 'vault'>): CustomerTable {
  return {
    header: ({ locale }) => customerHeader[locale],
    async rows(actor, ids, zone) {
      return (await exportRows(db, actor, ids)).map((row) => customerCells(actor, row, vault, zone))
    },
  }
}

/** 客户 as a table, as the list is filtered. */
export function customersExport(services: Pick<Services, 'db' | 'vault'>): ExportSource {
  const { db } = services
  const table = customerTable(services)
  return exportSource({
    kind: 'customers',
    name: { zh: '客户', en: 'Customers' },
    permission: 'customers.read',
    personal: true,
    filters,
    measure: async (actor, given) => ({
      rows: await countCustomers(db, actor, askOf(given)),
    }),
    cursor: z.object({ at: z.coerce.date(), id: z.int() }),
    async read(actor, given, zone, from) {
      const pages = async function* (): AsyncGenerator<ExportPage> {
        for (let after: CustomerAsk['after'] = from; ; ) {
          const found = await customersAsked(db, actor, { ...askOf(given), after, limit: atOnce })
          const last = found.at(-1)
          if (last === undefined) return
          after = { at: last.lastAddedAt, id: last.id }
          const ids = found.map(({ id }) => id)
          yield { rows: await table.rows(actor, ids, zone), next: after }
        }
      }
      return { header: table.header(actor), pages: pages() }
    },
  })
}

function askOf({ q, added_from, added_until, ...rest }: Filters): Omit<CustomerAsk, 'after' | 'limit'> {
  const asked = q?.trim()
  return {
    ...{ q: asked === '' ? undefined : asked, staff: rest.staff, channel: rest.channel, tag: rest.tag },
    ...{ status: rest.status, audience: rest.audience },
    addedFrom: added_from === undefined ? undefined : new Date(added_from),
    addedUntil: added_until === undefined ? undefined : new Date(added_until),
  }
}
