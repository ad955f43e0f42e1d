import type { Figures, PartName, PartRow } from './report.schema.ts'
import type { Total } from './total.schema.ts'

/** Two numbers of a report that should be one. */
export interface Difference {
  readonly what: string
  readonly whole: number
  readonly parts: number
}

export type PartSum = Omit<PartRow, 'key' | 'name'> & { readonly part: PartName }

const sentOnes = ['planned', 'asked', 'confirmed', 'delivered', 'opened', 'converted', 'deleted', 'gmv'] as const
const deliveredOnes = ['delivered', 'opened', 'converted', 'deleted', 'gmv'] as const

/**
 * Where the numbers of a report do not add up: every part is a whole (fates, reasons, failures, stores, senders, variants,
 * hours, who earned), and no step of the funnel has more people than the one before.
 */
export function differencesOf(figures: Figures, parts: readonly PartSum[]): readonly Difference[] {
  const { fates, sends, reached, credited, sides } = figures
  const found: Difference[] = []
  const equal = (what: string, whole: number, sum: number) => {
    if (whole !== sum) found.push({ what, whole, parts: sum })
  }
  const atMost = (what: string, whole: number, part: number) => {
    if (part > whole) found.push({ what, whole, parts: part })
  }
  for (const [fate, persons] of Object.entries(fates))
    if (fate !== 'sent_to')
      equal(
        `reasons of ${fate}`,
        persons,
        sum(figures.reasons.filter((one) => one.fate === fate).map((one) => one.persons)),
      )
  equal('to_send', fates.sent_to, sends.to_send)
  equal(
    'failures',
    sends.to_send - sends.delivered,
    sends.no_friend + sends.over_cap + sends.not_confirmed + sends.other,
  )
  const steps = ['to_send', 'asked', 'confirmed', 'delivered'] as const
  for (const [place, step] of steps.entries()) {
    const before = steps[place - 1]
    if (before !== undefined) atMost(`${step} of ${before}`, sends[before], sends[step])
  }
  for (const step of ['opened', 'converted', 'deleted'] as const)
    atMost(`${step} of delivered`, sends.delivered, reached[step])
  for (const failure of ['no_friend', 'over_cap', 'not_confirmed', 'other'] as const)
    atMost(`${failure} below none`, sends[failure], 0)
  equal('delivered of planned', sends.delivered, sides.treated.delivered)
  for (const name of ['persons', 'delivered', 'converted', 'deleted', 'gmv'] as const) {
    const got = name === 'persons' ? sends.delivered : { ...sends, ...reached }[name]
    equal(`${name} of planned by delivered and not`, sides.treated[name], got + sides.undelivered[name])
    if (name !== 'gmv')
      atMost(`${name} of planned by variant`, sides.treated[name], sum(figures.variants.map((one) => one[name])))
  }
  for (const [name, side] of Object.entries({
    ...sides,
    ...Object.fromEntries(figures.variants.map((one) => [one.number, one])),
  }))
    for (const what of ['delivered', 'converted', 'deleted'] as const)
      atMost(`${what} of side ${name}`, side.persons, side[what])
  atMost('members who confirmed of those asked', figures.tasks.senders_asked, figures.tasks.senders_confirmed)
  atMost('persons of opens', figures.opens.known, figures.opens.persons)
  equal('credited by click and send', credited.net, credited.by_click + credited.by_send)

  const owed = (what: 'orders' | 'net') => sum(figures.sources.map((one) => one[what]))
  equal('orders by what they are owed to', figures.period.orders, owed('orders'))
  equal('net by what they are owed to', figures.period.net, owed('net'))
  for (const one of figures.channels) {
    const say = (what: string) => `${what} of ${one.how === 'brought' ? one.name : one.how}`
    if (one.how === 'sent') {
      equal(say('reached'), sends.delivered, one.reached)
      equal(say('converted'), reached.converted, one.converted)
      equal(say('gmv'), reached.gmv, one.gmv)
      for (const name of ['persons', 'converted', 'gmv'] as const)
        equal(say(`${name} of planned`), sides.treated[name], one.drawn?.[name] ?? 0)
    }
    if (one.how === 'held_out') equal(say('reached'), 0, one.reached + one.both)
    if (one.how === 'held_out')
      for (const name of ['persons', 'converted', 'gmv'] as const) {
        equal(say(name), sides.holdout[name], one[name])
        equal(say(`${name} as drawn`), sides.holdout[name], one.drawn?.[name] ?? 0)
      }
    const base = one.how === 'held_out' ? one.persons : one.reached
    for (const name of ['issued', 'claimed', 'redeemed', 'converted'] as const) atMost(say(name), base, one[name])
    if (one.drawn !== null) atMost(say('redeemed as drawn'), one.drawn.persons, one.drawn.redeemed)
    // two recipients may turn out to be one person
    if (one.how === 'drawn') atMost(say('persons'), fates.elsewhere, one.persons)
    if (one.how !== 'held_out') atMost(say('reached and both'), one.persons, one.reached + one.both)
    if (one.raw === null || one.matched === null) continue
    equal(say('reached'), one.raw.b.persons, one.reached)
    equal(say('converted'), one.raw.b.converted, one.converted)
    for (const side of ['a', 'b'] as const)
      equal(
        say(`matched and left out (${side})`),
        one.raw[side].persons,
        one.matched[side].persons + one.matched[side].leftOut,
      )
  }

  const wholes = { planned: sends.to_send, ...sends, ...reached, credited: credited.net, orders: credited.orders }
  for (const part of ['store', 'sender', 'variant', 'hour', 'earner'] as const) {
    const row = parts.find((one) => one.part === part)
    const counted = part === 'earner' ? [] : part === 'hour' ? deliveredOnes : sentOnes
    for (const name of [...counted, 'credited', 'orders'] as const)
      equal(`${name} by ${part}`, wholes[name], row?.[name] ?? 0)
  }
  return found
}

/**
 * Where the numbers of all runs together cannot be: no step has more people than the one before, nor than its runs have.
 * `runs`: undefined where the total is of a later moment than they are, and there may be more by now.
 */
export function differencesOfTotal(total: Total, runs: readonly Figures[] | undefined): readonly Difference[] {
  const found: Difference[] = []
  const atMost = (what: string, whole: number, part: number) => {
    if (part > whole) found.push({ what: `${what} of all runs`, whole, parts: part })
  }
  atMost('persons', total.sends, total.persons)
  if (runs !== undefined) atMost('sends', sum(runs.map(({ sides }) => sides.treated.persons)), total.sends)
  if (total.persons !== total.treated.persons)
    found.push({ what: 'planned of all runs', whole: total.persons, parts: total.treated.persons })
  atMost('delivered', total.persons, total.delivered)
  for (const step of ['opened', 'converted', 'deleted'] as const) atMost(step, total.delivered, total[step])
  atMost('converted of planned', total.treated.persons, total.treated.converted)
  atMost('converted of delivered', total.treated.converted, total.converted)
  atMost('converted of held out', total.holdout.persons, total.holdout.converted)
  return found
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)
