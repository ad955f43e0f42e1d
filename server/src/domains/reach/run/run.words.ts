import { AppError, type Said } from '../../../infra/errors.ts'
import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import type { RunAct } from './run-acts.ts'

export const runThing: Said = { zh: '发送', en: 'run' }

/** What a run is, what it does to people and what its members do, by what it goes out through. */
export interface KindWords {
  readonly name: Said
  readonly reached: Said
  readonly confirmed: Said
}

const sends: KindWords = {
  name: { zh: '群发', en: 'send' },
  reached: { zh: '送达', en: 'reached' },
  confirmed: { zh: '确认', en: 'confirmed' },
}
const moments: KindWords = {
  name: { zh: '朋友圈', en: 'Moment' },
  reached: { zh: '可见', en: 'who can see it' },
  confirmed: { zh: '发表', en: 'published' },
}

export function kindWords(kind: CampaignSpec['kind']): KindWords {
  return kind === 'moment' ? moments : sends
}

const acts: Readonly<Record<RunAct, Said>> = {
  pause: { zh: '暂停', en: 'paused' },
  resume: { zh: '继续', en: 'gone on with' },
  cancel: { zh: '取消', en: 'cancelled' },
  acknowledge: { zh: '确认已知晓', en: 'acknowledged' },
}

const states: Readonly<Record<string, Said>> = {
  planning: { zh: '计划中', en: 'being planned' },
  planned: { zh: '已计划', en: 'planned' },
  canary: { zh: '灰度中', en: 'with its canary' },
  running: { zh: '进行中', en: 'running' },
  paused: { zh: '已暂停', en: 'paused' },
  stopped: { zh: '已被灰度叫停', en: 'stopped by its canary' },
  cancelled: { zh: '已取消', en: 'cancelled' },
  ended: { zh: '已结束', en: 'ended' },
  failed: { zh: '失败', en: 'failed' },
}

export function cannot(act: RunAct, state: string): AppError {
  const now = states[state] ?? { zh: state, en: state }
  return new AppError(
    'rule',
    {
      zh: `这次发送现在是「${now.zh}」，不能${acts[act].zh}。`,
      en: `The run is ${now.en}: it cannot be ${acts[act].en}.`,
    },
    { hint: { zh: '请刷新页面看最新状态。', en: 'Reload the page to see how it stands.' } },
  )
}
