import { z } from 'zod'
import type { Actor } from '../../infra/auth/actor.ts'
import { nameFor, phoneFor } from '../../infra/auth/mask.ts'
import type { Vault } from '../../infra/secrets/vault.ts'
import type { Services } from '../../infra/services.ts'
import { businessDay } from '../../infra/zone.ts'
import { type Cell, type ExportPage, type ExportSource, exportSource, wholeCorpOnly } from '../exports/index.ts'
import { countMembers, type SealedMember, sealedMembers } from './members.store.ts'

const atOnce = 1_000
const header = {
  zh: ['来源', '会员号', '客户编号', '姓名', '手机号', '等级', '积分', '入会日', '退会日', '门店编码'],
  en: ['Source', 'Member number', 'Customer', 'Name', 'Phone', 'Level', 'Points', 'Joined', 'Ended', 'Store code'],
}

/** Memberships as a table, by number. */
export function membersExport({ db, vault }: Pick<Services, 'db' | 'vault'>): ExportSource {
  return exportSource({
    kind: 'members',
    name: { zh: '会员', en: 'Members' },
    permission: 'customers.read',
    personal: true,
    filters: z.object({ source: z.string().max(32).optional() }),
    async measure(actor, given) {
      const { corpId } = wholeCorpOnly(actor)
      return { rows: await countMembers(db, corpId, given) }
    },
    cursor: z.tuple([z.string(), z.string()]),
    async read(actor, given, zone, from) {
      const { corpId, locale } = wholeCorpOnly(actor)
      const pages = async function* (): AsyncGenerator<ExportPage> {
        for (let after: readonly [string, string] | undefined = from; ; ) {
          const rows = await sealedMembers(db, corpId, { ...given, after, limit: atOnce })
          const last = rows.at(-1)
          if (last === undefined) return
          after = [last.number, last.source]
          yield { rows: rows.map((row) => cells(actor, row, vault, zone)), next: after }
        }
      }
      return { header: header[locale], pages: pages() }
    },
  })
}

function cells(actor: Actor, row: SealedMember, vault: Pick<Vault, 'open'>, zone: string): readonly Cell[] {
  const opened = (sealed: Buffer | null) => (sealed === null ? '' : vault.open(sealed))
  const day = (at: Date | null) => (at === null ? null : businessDay(at, zone))
  return [
    ...[row.source, row.number, String(row.home), nameFor(actor, opened(row.nameSealed))],
    ...[
      phoneFor(actor, opened(row.phoneSealed)),
      row.level,
      row.points,
      day(row.joinedAt),
      day(row.endedAt),
      row.store,
    ],
  ]
}
