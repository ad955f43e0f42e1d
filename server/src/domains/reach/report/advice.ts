import type { Said } from '../../../infra/errors.ts'
import { type Experiment, personsNeeded, powerOf, smallestEffect } from './statistics.ts'

export interface Advice {
  readonly power: number
  readonly needed80: number
  readonly needed90: number
  readonly smallest: number | undefined
  /** The smallest holdout, per mille, with which so many persons reach a power of 80 %. */
  readonly holdout: number | undefined
  readonly words: Said
}

/** Before it is sent: whether an experiment of this size can find what is worth finding, and what would help. */
export function advise(experiment: Experiment, persons: number): Advice {
  const needed80 = personsNeeded(experiment, 80)
  // an even split finds the most; beyond it a greater holdout only costs
  const steps = [10, 20, 30, 50, 80, 100, 150, 200, 250, 300, 400, 500]
  const holdout = steps.find((permille) => personsNeeded({ ...experiment, holdout: permille / 1_000 }, 80) <= persons)
  const power = powerOf(experiment, persons)
  return {
    ...{ power, needed80, needed90: personsNeeded(experiment, 90), holdout },
    smallest: smallestEffect(experiment, persons, 80),
    words: wordsOf(power, needed80, persons, holdout),
  }
}

function wordsOf(power: number, needed: number, persons: number, holdout: number | undefined): Said {
  const percent = Math.round(power * 100)
  if (needed <= persons)
    return {
      zh: `人数足够：有 ${percent}% 的把握看出这样的增量。`,
      en: `Enough people: a lift of this size would be found with a probability of ${percent} %.`,
    }
  if (holdout !== undefined)
    return {
      zh: `把握只有 ${percent}%。把对照组提高到 ${holdout / 10}%，就有 80% 的把握。`,
      en: `Only ${percent} %. With ${holdout / 10} % held out it would be 80 %.`,
    }
  return {
    zh: `把握只有 ${percent}%，至少需要 ${needed.toLocaleString('en')} 人。可以扩大人群，或合并几次发送一起看。`,
    en: `Only ${percent} %: at least ${needed.toLocaleString('en')} persons are needed. Take a larger audience, or look at several sends together.`,
  }
}
