import { z } from 'zod'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { notFound } from '../../../infra/errors.ts'
import type { Services } from '../../../infra/services.ts'
import { type Cell, type ExportPage, type ExportSource, exportSource } from '../../exports/index.ts'
import { forWholeCorp } from '../campaigns/campaign.words.ts'
import { runThing } from '../run/run.words.ts'
import { isFinal } from './partial.ts'
import { type PartName, type PartRow, partNames, type SideBySide } from './report.schema.ts'
import { presentFigures } from './report.ts'
import { type ReportedRun, runById } from './runs.store.ts'
import { countParts, partsOf, snapshotOf } from './snapshots.store.ts'

const filters = z.object({ run: z.int().positive() })
const atOnce = 500
const header = {
  zh: [
    '项目',
    '名称',
    '编号',
    '数值',
    '分子',
    '分母',
    '应发',
    '已下发',
    '已确认',
    '送达',
    '打开',
    '转化',
    '流失',
    'GMV（元）',
    '归因 GMV（元）',
    '归因订单',
  ],
  en: [
    'What',
    'Name',
    'Key',
    'Value',
    'Hits',
    'Of',
    'Planned',
    'Asked',
    'Confirmed',
    'Delivered',
    'Opened',
    'Converted',
    'Deleted',
    'GMV (yuan)',
    'Credited GMV (yuan)',
    'Credited orders',
  ],
}
/** What the columns of counts are called of a Moment, which members publish and customers can see. */
const ofMoment: Readonly<Record<string, string>> = {
  ...{ 已确认: '已发表', 送达: '可见' },
  ...{ Confirmed: 'Published', Delivered: 'Can see it' },
}
const headerOf = (locale: 'zh' | 'en', { kind }: ReportedRun['spec']) =>
  header[locale].map((word) => (kind === 'moment' ? (ofMoment[word] ?? word) : word))

const partWords: Readonly<Record<'zh' | 'en', Readonly<Record<PartName, string>>>> = {
  zh: { store: '门店', sender: '发送员工', variant: '内容变体', hour: '送达时段', earner: '业绩归属' },
  en: { store: 'Store', sender: 'Sender', variant: 'Variant', hour: 'Hour of delivery', earner: 'Earned by' },
}

/** 复盘 as a table: the numbers of the run first, then its parts, as the page shows them. */
export function reportExport({ db }: Pick<Services, 'db'>): ExportSource {
  return exportSource({
    kind: 'campaign_report',
    name: { zh: '活动复盘', en: 'Campaign report' },
    permission: 'campaigns.read',
    personal: false,
    filters,
    async measure(actor, { run: id }) {
      const { corpId } = wholeCorp(actor, forWholeCorp)
      const run = await runById(db, corpId, id)
      if (run === undefined) throw notFound(runThing)
      return { of: `${run.name} #${run.id}`, rows: 100 + (await countParts(db, id)) }
    },
    cursor: z.tuple([z.enum(partNames), z.number(), z.number(), z.string()]),
    async read(actor, { run: id }, _zone, from) {
      const { corpId, locale } = wholeCorp(actor, forWholeCorp)
      const run = await runById(db, corpId, id)
      const snapshot = await snapshotOf(db, id)
      if (run === undefined || snapshot === undefined) throw notFound({ zh: '这次发送的复盘', en: 'report of the run' })
      const whole = presentFigures(snapshot.figures, run, isFinal(run, snapshot))
      const pages = async function* (): AsyncGenerator<ExportPage> {
        const [part = 'store', delivered = 0, credited = 0, key = ''] = from ?? []
        let after = from === undefined ? undefined : { delivered, credited, key }
        if (from === undefined)
          yield { rows: wholeRows(whole, locale), next: ['store', Number.MAX_SAFE_INTEGER, 0, ''] }
        for (const name of partNames.slice(partNames.indexOf(part))) {
          for (;;) {
            const rows = await partsOf(db, id, name, { after, limit: atOnce })
            const last = rows.at(-1)
            if (last === undefined) break
            after = { delivered: last.delivered, credited: last.credited, key: last.key }
            yield {
              rows: rows.map((row) => partCells(partWords[locale][name], row)),
              next: [name, after.delivered, after.credited, after.key],
            }
          }
          after = undefined
        }
      }
      return { header: headerOf(locale, run.spec), pages: pages() }
    },
  })
}

type Whole = ReturnType<typeof presentFigures>
const liftKeys = ['itt', 'delivered', 'gmv_person', 'gmv', 'deletes', 'deletes_delivered'] as const
const none: readonly Cell[] = Array.from({ length: 10 }, () => null)

function wholeRows(
  { funnel, figures, lift, left_out, comparisons, order_sources, side_by_side, warnings }: Whole,
  locale: 'zh' | 'en',
): readonly (readonly Cell[])[] {
  const [numbers, reasons, minded] = locale === 'zh' ? ['整体', '未发送原因', '请注意'] : ['Whole', 'Left out', 'Mind']
  const row = (name: string, id: string, value: number | null, hits: number | null, of: number | null) => [
    numbers,
    name,
    id,
    value,
    hits,
    of,
    ...none,
  ]
  const interval = locale === 'zh' ? '区间' : 'interval'
  const lifted =
    lift === null
      ? []
      : liftKeys.map((key) => ({
          ...{ definition: lift.definitions[key], estimate: lift[key] },
          unit: key === 'gmv' || key === 'gmv_person' ? 'fen' : 'share',
        }))
  return [
    ...warnings.map(({ code, words }) => [minded ?? '', words[locale], code, null, null, null, ...none]),
    ...[...funnel, ...figures].map((one) =>
      row(one.definition.name[locale], one.definition.id, inYuan(one.unit, one.value), one.hits, one.of),
    ),
    ...lifted.flatMap(({ definition, estimate, unit }) => {
      if (estimate === null) return []
      const name = definition.name[locale]
      return [
        row(name, definition.id, inYuan(unit, estimate.value), null, null),
        row(`${name} (95% ${interval})`, definition.id, null, inYuan(unit, estimate.low), inYuan(unit, estimate.high)),
      ]
    }),
    ...comparisonRows(comparisons, locale),
    ...order_sources.map(({ definition, orders, net }) =>
      row(definition.name[locale], definition.id, inYuan('fen', net), orders, null),
    ),
    ...(side_by_side === null ? [] : channelRows(side_by_side, locale)),
    ...left_out.map(({ words, reason, persons }) => [
      reasons ?? '',
      words[locale],
      reason,
      persons,
      null,
      null,
      ...none,
    ]),
  ]
}

const comparisonWords = {
  zh: {
    ...{ compared: '对比', conversion: '转化率', deletes: '千人流失', differs: '相差', interval: '95% 区间' },
    ...{ random: '随机', notRandom: '不是随机' },
  },
  en: {
    ...{ compared: 'Side by side', conversion: 'Conversion', deletes: 'Deletes per mille', differs: 'difference' },
    ...{ interval: '95% interval', random: 'Random', notRandom: 'Not random' },
  },
} as const

/** Two groups, what each came to and how far they differ; where no lot parted them, with what that means. */
function comparisonRows(comparisons: Whole['comparisons'], locale: 'zh' | 'en'): readonly (readonly Cell[])[] {
  const say = comparisonWords[locale]
  return comparisons.flatMap(({ key, a, b, random, conversion, deletes, warning }) => {
    const line = (name: string, value: number | null, hits: number | null, of: number | null): readonly Cell[] => [
      ...[say.compared, `${a.name[locale]} ↔ ${b.name[locale]} · ${name}`, key, value, hits, of],
      ...none,
    ]
    const chance = random ? say.random : say.notRandom
    const measured = (measure: 'conversion' | 'deletes', what: 'converted' | 'deleted', per: number) => {
      const estimate = measure === 'conversion' ? conversion : deletes
      const sides = [a, b].map((side) =>
        line(
          `${say[measure]} · ${side.name[locale]}`,
          side.persons === 0 ? null : (side[what] / side.persons) * per,
          side[what],
          side.persons,
        ),
      )
      if (estimate === null) return sides
      const name = `${say[measure]} · ${say.differs} · ${chance}`
      return [
        ...sides,
        line(name, estimate.value, null, null),
        line(`${name} (${say.interval})`, null, estimate.low, estimate.high),
      ]
    }
    return [
      ...(warning === null ? [] : [line(warning[locale], null, null, null)]),
      ...measured('conversion', 'converted', 1),
      ...measured('deletes', 'deleted', 1_000),
    ]
  })
}

const channelWords = {
  zh: {
    ...{ channel: '渠道', issued: '发券', claimed: '领取', redeemed: '核销', converted: '转化', revenue: '收入' },
    ...{
      person: '人均收入（元）',
      raw: '原始差异',
      matched: '匹配对比',
      lift: '增量',
      lift_other: '该渠道的增量',
      interval: '95% 区间',
    },
    ...{ leftOut: '未匹配人数（员工群发 / 该渠道）', random: '随机分组', notRandom: '不是随机对比' },
  },
  en: {
    ...{ channel: 'Channel', issued: 'Issued', claimed: 'Claimed', redeemed: 'Redeemed', converted: 'Converted' },
    ...{
      revenue: 'Revenue',
      person: 'Revenue a person (yuan)',
      raw: 'Raw difference',
      matched: 'Matched comparison',
      lift: 'Lift',
    },
    ...{ lift_other: 'Lift of the channel', interval: '95% interval', leftOut: 'Left out (sent to / channel)' },
    ...{ random: 'Drawn by the system', notRandom: 'Not random' },
  },
} as const

/** Each channel's way, then every comparison with its interval and whether the lot parted the people. */
function channelRows({ rows, comparisons }: SideBySide, locale: 'zh' | 'en'): readonly (readonly Cell[])[] {
  const say = channelWords[locale]
  const line = (name: string, key: string, value: number | null, hits: number | null, of: number | null) => [
    ...[say.channel, name, key, value, hits, of],
    ...none,
  ]
  const ways = rows.flatMap((one) =>
    (['issued', 'claimed', 'redeemed', 'converted'] as const)
      .map((step) => line(`${one.name[locale]} · ${say[step]}`, one.key, null, one[step], one.reached ?? one.persons))
      .concat([line(`${one.name[locale]} · ${say.revenue}`, one.key, inYuan('fen', one.gmv), null, null)]),
  )
  const compared = comparisons.flatMap((one) => [
    ...one.measures.flatMap((measure) =>
      (['raw', 'matched', 'lift', 'lift_other'] as const).flatMap((what) => {
        const estimate = measure[what]
        if (estimate === null) return []
        const random = what === 'raw' && !one.random ? ` · ${say.notRandom}` : what === 'raw' ? ` · ${say.random}` : ''
        const measured = say[measure.measure === 'revenue' ? 'person' : measure.measure]
        const name = `${one.name[locale]} · ${measured} · ${say[what]}${random}`
        const [value, low, high] = [estimate.value, estimate.low, estimate.high].map((part) =>
          inYuan(measure.unit, part),
        )
        return [
          line(name, one.key, value ?? null, null, null),
          line(`${name} (${say.interval})`, one.key, null, low ?? null, high ?? null),
        ]
      }),
    ),
    ...(one.matched === null
      ? []
      : [line(`${one.name[locale]} · ${say.leftOut}`, one.key, null, one.matched.left_out_a, one.matched.left_out_b)]),
  ])
  return [...ways, ...compared]
}

const inYuan = (unit: string, value: number | null) => (value !== null && unit === 'fen' ? value / 100 : value)

function partCells(part: string, row: PartRow): readonly Cell[] {
  return [
    ...[part, row.name, row.key, null, null, null],
    ...[row.planned, row.asked, row.confirmed, row.delivered, row.opened, row.converted, row.deleted],
    ...[row.gmv / 100, row.credited / 100, row.orders],
  ]
}
