import { sendStatus } from '../campaigns/recipient.ts'
import { type GroupSend, noteGroupTouches } from '../governor/own-sends.store.ts'
import { groupsOfTasks, listNotGiven, noteGroupsAsked, writeGroupStatuses } from './groups.store.ts'
import { noteGivenAway, troublesOf } from './offers.store.ts'
import type { MessageParty } from './party.ts'
import { addCounts } from './results.store.ts'
import type { Run } from './runs.store.ts'
import type { Task } from './task.ts'

/** Groups, each sent to by its owner and nobody else. */
export const groups: MessageParty = {
  chatType: 'group',
  tellsAll: false,
  async idsOf(on, runId, numbers) {
    return new Map((await groupsOfTasks(on, runId, numbers)).map((one) => [one.number, one.chatIds]))
  },
  withoutRefusals: async (_tx, _run, tasks) => tasks,
  async noteAsked(tx, tasks) {
    for (const [runId, list] of Map.groupBy(tasks, (one) => one.runId))
      await noteGroupsAsked(
        tx,
        runId,
        list.map((one) => one.number),
      )
  },
  async notGiven({ clock }, tx, run, failing) {
    const owners = failing.map(({ task }) => task.sender)
    const troubles = await troublesOf(tx, run.corpId, owners, null, clock.now())
    for (const { task, externalIds } of failing) {
      const why = troubles.get(task.sender) ?? 'not_given'
      await noteGivenAway(tx, task, await listNotGiven(tx, task, externalIds, why), undefined)
    }
  },
  async takeIn(_needs, tx, run, task, told, at) {
    const statuses = told.map(({ id, status, sentAt }) => ({ chatId: id, status, sentAt }))
    const changed = await writeGroupStatuses(tx, run.id, statuses)
    await addCounts(tx, task, changed)
    const felt = (status: number) =>
      changed.filter((one) => one.status === status).map((one) => ({ to: one.chatId, at: one.sentAt ?? at }))
    const of = sendOf(run, task, `campaign:${run.id}`)
    await noteGroupTouches(tx, run.corpId, of, felt(sendStatus.sent), felt(sendStatus.overCap))
  },
  async bookAgain(_needs, tx, run, task, told, at) {
    const reached = told.filter(({ status }) => status === sendStatus.sent)
    const felt = reached.map(({ id, sentAt }) => ({ to: id, at: sentAt ?? at }))
    await noteGroupTouches(tx, run.corpId, sendOf(run, task, task.effect ?? ''), felt, [])
    return reached.length
  },
}

function sendOf({ campaignId, spec }: Run, { sender }: Task, effect: string): GroupSend {
  return { effect, sender, campaignId, channel: 'group_send', kind: spec.marketing ? 'marketing' : 'service' }
}
