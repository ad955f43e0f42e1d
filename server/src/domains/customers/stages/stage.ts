import type { Said } from '../../../infra/errors.ts'
import { inMemory, leavesOf, type PersonFacts, type Rule, ruleFaults, ruleWords } from '../../audiences/index.ts'
import type { Stage } from './stage.schema.ts'

const bought = (from: number, to?: number): Rule => ({
  ...{ is: 'orders', measure: 'count', from },
  ...(to === undefined ? {} : { to }),
})
const boughtWithin = (days: number, from: number): Rule => ({ is: 'orders', measure: 'count', window: { days }, from })
/** The latest order so many days ago; who never bought has none. */
const latest = (from: number | undefined, to?: number): Rule => ({
  ...{ is: 'orders', measure: 'recency' },
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
})
const contact = (state: 'alive' | 'ended', sinceDays?: number): Rule => ({
  ...{ is: 'relation', by: 'anyone', any: [], state },
  ...(sinceDays === undefined ? {} : { sinceDays }),
})

/** As the trade divides it; a brand edits it. */
export const defaultStages: readonly Stage[] = [
  { id: 'potential', name: '潜在', entry: { not: bought(1) } },
  { id: 'new', name: '新客', entry: { all: [contact('alive', 30), { not: bought(1) }] } },
  { id: 'first', name: '首购', entry: { all: [bought(1, 1), latest(undefined, 179)] } },
  { id: 'repeat', name: '复购', entry: { all: [bought(2), latest(undefined, 179)] } },
  { id: 'loyal', name: '忠诚', entry: { all: [boughtWithin(365, 5), latest(undefined, 179)] } },
  { id: 'dormant', name: '沉睡', entry: latest(180, 365) },
  {
    id: 'lost',
    name: '流失',
    entry: {
      any: [latest(366), { all: [contact('ended'), { not: contact('alive') }, { not: latest(undefined, 179) }] }],
    },
  },
]

/** The mark of who stands in a stage. */
const standing = (id: string): Rule => ({ is: 'stage', any: [id] })

/**
 * For each stage who is in it after this look, said in the language of audiences, so that one description answers for
 * everybody in SQL and for one person in memory. Looked at again without anything new, nobody moves:
 * - who stands in a stage with an exit rule stays while that does not hold;
 * - everybody else goes to the last stage whose entry rule holds and whose exit rule does not.
 */
export function nextRules(stages: readonly Stage[]): readonly { readonly id: string; readonly rule: Rule }[] {
  const held = stages.flatMap(({ id, exit }) => (exit ? [{ all: [standing(id), { not: exit }] }] : []))
  const open = ({ entry, exit }: Stage): Rule => (exit ? { all: [entry, { not: exit }] } : entry)
  return stages.map((stage, at) => {
    const enters: Rule = { all: [open(stage), ...stages.slice(at + 1).map((later) => ({ not: open(later) }))] }
    if (held.length === 0) return { id: stage.id, rule: enters }
    const stays = stage.exit ? [{ all: [standing(stage.id), { not: stage.exit }] }] : []
    return { id: stage.id, rule: { any: [...stays, { all: [{ not: { any: held } }, enters] }] } }
  })
}

/** Who moves into a stage, and who leaves all: every mover once. `known` names every stage that anybody may stand in. */
export function movingRules(
  stages: readonly Stage[],
  known: readonly string[],
): readonly { readonly class: string | null; readonly rule: Rule }[] {
  const next = nextRules(stages)
  const all = [...new Set([...known, ...stages.map((stage) => stage.id)])]
  return [
    ...next.map(({ id, rule }) => ({ class: id, rule: { all: [rule, { not: standing(id) }] } })),
    {
      class: null,
      rule: { all: [{ is: 'stage' as const, any: all }, { not: { any: next.map(({ rule }) => rule) } }] },
    },
  ]
}

/** The stage of one person after this look; null: none. */
export function nextStage(stages: readonly Stage[], person: PersonFacts, today: number): string | null {
  return rulesOf(stages).find(({ rule }) => inMemory(rule, person, today).holds)?.id ?? null
}

type StageRules = ReturnType<typeof nextRules>

const made = new WeakMap<readonly Stage[], StageRules>()

/** Made once for all persons who are looked at by the same stages. */
function rulesOf(stages: readonly Stage[]): StageRules {
  const known = made.get(stages) ?? nextRules(stages)
  made.set(stages, known)
  return known
}

/** What stages of the right shape may still not be. */
export function stageFaults(stages: readonly Stage[]): readonly Said[] {
  const faults: Said[] = []
  const repeated = (of: (stage: Stage) => string) => new Set(stages.map(of)).size < stages.length
  if (repeated((stage) => stage.id)) faults.push({ zh: '阶段的编号重复了', en: 'Two stages have one id' })
  if (repeated((stage) => stage.name)) faults.push({ zh: '阶段的名称重复了', en: 'Two stages have one name' })
  for (const { name, entry, exit } of stages) {
    for (const [part, rule] of [
      [{ zh: '进入规则', en: 'entry rule' }, entry],
      [{ zh: '退出规则', en: 'exit rule' }, exit],
    ] as const) {
      if (!rule) continue
      const of = (said: Said): Said => ({
        zh: `“${name}”的${part.zh}：${said.zh}`,
        en: `The ${part.en} of “${name}”: ${said.en}`,
      })
      faults.push(...ruleFaults(rule).map(({ said }) => of(said)))
      // a stage that asks for stages would give another answer each time it is asked
      if (leavesOf(rule).some((leaf) => leaf.is === 'stage' || leaf.is === 'audience'))
        faults.push(of({ zh: '不能引用生命周期或分群', en: 'it must not ask for stages or audiences' }))
    }
  }
  return faults
}

/** The rules of a stage in words. */
export function stageWords({ id, name, entry, exit }: Stage) {
  return { id, name, entry: ruleWords(entry), exit: exit ? ruleWords(exit) : null }
}
