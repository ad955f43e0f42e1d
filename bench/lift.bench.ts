import { openDatabase } from '../server/src/infra/db/database.ts'
import { migrate } from '../server/src/infra/db/migrate.ts'
import { startEmbeddedPostgres } from '../server/src/infra/postgres/index.ts'
import type { Bench } from './lib/bench.ts'
import { type Judgement, judgeCampaign, makeLiftWorld } from './lib/lift-world.ts'

const least = 93
const quiet = { info: () => undefined, warn: () => undefined }
const measures = ['lift', 'perDelivered', 'gmv', 'deletes'] as const
const planted = { contains: '', reads: 0.6, clicks: 0.2, buys: 0.06, deletes: 0.02 }

/** Whether the report tells the truth: campaigns drawn with a planted effect and with none, worked out by the product's SQL. */
export const bench: Bench = {
  name: 'lift',
  describe: `100 campaigns with a planted effect: the true lift lies in ≥ ${least} reported intervals; 100 with none: ≥ ${least} not significant`,
  async run({ folder, say, option }) {
    const [campaigns, persons, from] = [option('campaigns', 100), option('persons', 10_000), option('from', 1)]
    const postgres = await startEmbeddedPostgres({ dataDir: folder, log: quiet })
    const database = openDatabase(postgres.url)
    try {
      await migrate(database.pool)
      const world = await makeLiftWorld(database, persons)
      const all = async (name: string, appeal: typeof planted, first: number) => {
        const judged: Judgement[] = []
        for (let place = 0; place < campaigns; place += 1) {
          judged.push(await judgeCampaign(database, world, { seed: first + place, appeal, baseline: 0.06 }))
          if (judged.length % 20 === 0) say(`${name}: ${judged.length} of ${campaigns}`)
        }
        return judged
      }
      const some = await all('planted', planted, from)
      const none = await all('nothing planted', { ...planted, buys: 0, deletes: 0 }, from + 100_000)
      const count = (of: readonly Judgement[], what: (one: Judgement) => boolean) => of.filter(what).length
      const mean = (numbers: readonly number[]) =>
        Math.round((numbers.reduce((a, b) => a + b, 0) / numbers.length) * 1e6) / 1e6
      const figures = Object.fromEntries(
        measures.flatMap((what) => [
          [`${what}_held`, count(some, (one) => one[what].held)],
          [`${what}_found`, count(some, (one) => one[what].significant)],
          [`${what}_nothing_not_significant`, count(none, (one) => !one[what].significant)],
        ]),
      )
      const need = Math.ceil((least * campaigns) / 100)
      const [held, silent] = [count(some, (one) => one.lift.held), count(none, (one) => !one.lift.significant)]
      return {
        ok: held >= need && silent >= need,
        config: { campaigns, persons, from, ...planted, baseline: 0.06, holdout_permille: 100 },
        figures: {
          ...figures,
          true_lift: mean(some.map(({ lift }) => lift.truth)),
          reported_lift: mean(some.map(({ lift }) => lift.value)),
          naive_of_nothing: mean(none.map(({ naive }) => naive.value)),
          report_ms: Math.round(mean(some.map(({ reportMs }) => reportMs))),
          reported_of_nothing: mean(none.map(({ lift }) => lift.value)),
        },
      }
    } finally {
      await database.close()
      await postgres.stop()
    }
  },
}
