import { z } from 'zod'
import type { Actor } from '../../infra/auth/actor.ts'
import { nameFor } from '../../infra/auth/mask.ts'
import type { Services } from '../../infra/services.ts'
import { businessDay } from '../../infra/zone.ts'
import { type Cell, type ExportPage, type ExportSource, exportSource, wholeCorpOnly } from '../exports/index.ts'
import { countTagged, listTagged, type TaggedRow } from './person-tags-list.store.ts'
import type { TagSource } from './tag-state.ts'

const atOnce = 2_000
const header = {
  zh: ['客户编号', '客户姓名', 'external_userid', '标签组', '标签', '来源', '置信度', '打上日期', '到期日期'],
  en: ['Customer', 'Name', 'external_userid', 'Group', 'Tag', 'Source', 'Confidence', 'Since', 'Until'],
}
const sourceWords: Readonly<Record<'zh' | 'en', Readonly<Record<TagSource, string>>>> = {
  zh: { manual: '手动', wecom: '企业微信', import: '导入', rule: '规则', event: '事件', inferred: '推断' },
  en: { manual: 'by hand', wecom: 'WeCom', import: 'import', rule: 'rule', event: 'event', inferred: 'inferred' },
}

/** Who has which tag, and from whom: a row a tag of a person. */
export function personTagsExport({ db }: Pick<Services, 'db'>): ExportSource {
  return exportSource({
    kind: 'tags',
    name: { zh: '客户标签', en: 'Tags of customers' },
    permission: 'customers.read',
    personal: true,
    filters: z.object({ tag: z.string().max(64).optional() }),
    async measure(actor, { tag }) {
      const { corpId } = wholeCorpOnly(actor)
      return { rows: await countTagged(db, corpId, tag) }
    },
    cursor: z.tuple([z.int(), z.string()]),
    async read(actor, { tag }, zone, from) {
      const { corpId, locale } = wholeCorpOnly(actor)
      const pages = async function* (): AsyncGenerator<ExportPage> {
        for (let after: readonly [number, string] = from ?? [0, '']; ; ) {
          const rows = await listTagged(db, corpId, tag, after, atOnce)
          const last = rows.at(-1)
          if (last === undefined) return
          after = [last.customerId, last.tagId]
          yield { rows: rows.map((row) => cells(actor, row, zone)), next: after }
        }
      }
      return { header: header[locale], pages: pages() }
    },
  })
}

function cells(actor: Actor, row: TaggedRow, zone: string): readonly Cell[] {
  const day = (at: Date | null) => (at === null ? null : businessDay(at, zone))
  return [
    ...[String(row.root), nameFor(actor, row.name ?? ''), row.externalUserid, row.group, row.tag],
    ...[sourceWords[actor.locale][row.source], row.confidence, day(row.at), day(row.expiresAt)],
  ]
}
