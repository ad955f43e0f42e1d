import type { Said } from '../../../infra/errors.ts'
import { type CampaignSpec, campaignKinds } from '../campaigns/campaign.schema.ts'
import { sendStatus } from '../campaigns/recipient.ts'

/** Of somebody, or a group, to whom a run was to send. */
export interface Outcome {
  /** The platform's word; null: it was not asked. */
  readonly status: number | null
  /** How the task stands in which he is; null: a rehearsal has none. */
  readonly taskState: string | null
}

type Kind = CampaignSpec['kind']

const same = (said: Said) => Object.fromEntries(campaignKinds.map((kind) => [kind, said])) as Record<Kind, Said>

const stopped: Said = {
  zh: '灰度里删除好友的人太多，其余的已经停发',
  en: 'Too many of the canary ended the contact: the rest was stopped',
}
const cancelled: Said = { zh: '这次发送已取消，没有发出', en: 'The send was cancelled before it went out' }
const paused: Said = { zh: '这次发送已暂停，还没有发出', en: 'The send is paused and has not gone out' }
const waiting: Said = { zh: '还没有请员工确认', en: 'No member was asked yet' }
const gone: Said = { zh: '任务在企业微信里没有了，没有发出', en: 'The task is gone at WeCom: it did not go out' }

const asked: Readonly<Record<Kind, Said>> = {
  customer_send: { zh: '员工还没有确认发送', en: 'The member has not confirmed yet' },
  group_send: { zh: '等群主确认发送', en: 'Its owner has not confirmed yet' },
  moment: { zh: '员工还没有发表', en: 'The member has not published it yet' },
}
const expired: Readonly<Record<Kind, Said>> = {
  customer_send: {
    zh: '员工没有在期限内确认，任务已收回',
    en: 'The member did not confirm in time: it was taken back',
  },
  group_send: { zh: '群主没有在期限内确认，任务已收回', en: 'Its owner did not confirm in time: it was taken back' },
  moment: { zh: '员工没有在期限内发表，任务已收回', en: 'The member did not publish it in time: it was taken back' },
}
const unseen: Readonly<Record<Kind, Said>> = {
  customer_send: { zh: '员工已确认，企业微信没有说发给了他', en: 'Confirmed, but WeCom does not say that it was sent' },
  group_send: { zh: '群主已确认，企业微信没有说发到了群里', en: 'Confirmed, but WeCom does not say that it was sent' },
  moment: { zh: '员工已发表，微信没有给他看', en: 'Published, but WeChat does not show it to them' },
}

const told: Readonly<Record<number, Readonly<Record<Kind, Said>>>> = {
  [sendStatus.noFriend]: same({ zh: '已不是好友，没有发出', en: 'No contact any more: it was not sent' }),
  [sendStatus.overCap]: {
    ...same({ zh: '他收到的群发已到企业微信的上限', en: 'They have had all that WeCom lets through' }),
    group_send: { zh: '平台说这个群收到的群发已到上限', en: 'the platform says that the group has had all it may' },
  },
}

/** Why who was to get it has not got it; undefined: he has, or nobody was to be asked. */
export function outcomeSaid({ status, taskState }: Outcome, kind: Kind, runState: string): Said | undefined {
  if (status === sendStatus.sent) return undefined
  const refused = told[status ?? -1]
  if (refused !== undefined) return refused[kind]
  switch (taskState) {
    case 'confirmed':
      return unseen[kind]
    case 'expired':
      return expired[kind]
    case 'cancelled':
      return runState === 'stopped' ? stopped : cancelled
    case 'failed':
      return gone
    case 'planned':
      return runState === 'paused' ? paused : waiting
    default:
      return taskState === null ? undefined : asked[kind]
  }
}

/** Of who was held: why he is waited for no more; undefined: he is. */
export function heldInVain(runState: string): Said | undefined {
  if (runState === 'stopped') return stopped
  return runState === 'cancelled' ? cancelled : undefined
}

const over: ReadonlySet<string> = new Set(['expired', 'cancelled', 'failed'])

/** Whether nothing more comes of it: its task was taken back, called off, or is gone. */
export function isOver({ status, taskState }: Outcome): boolean {
  return status !== sendStatus.sent && taskState !== null && over.has(taskState)
}
