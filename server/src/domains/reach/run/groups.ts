import { sendStatus } from '../campaigns/recipient.ts'
import { noteGroupTouches } from '../governor/own-sends.store.ts'
import { groupsOfTasks, listNotGiven, noteGroupsAsked, writeGroupStatuses } from './groups.store.ts'
import { noteGivenAway, troublesOf } from './offers.store.ts'
import type { MessageParty } from './party.ts'
import { addCounts } from './results.store.ts'

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
    const of = {
      ...{ effect: `campaign:${run.id}`, sender: task.sender, campaignId: run.campaignId },
      ...({ channel: 'group_send', kind: run.spec.marketing ? 'marketing' : 'service' } as const),
    }
    await noteGroupTouches(tx, run.corpId, of, felt(sendStatus.sent), felt(sendStatus.overCap))
  },
}
