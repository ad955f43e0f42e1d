import { z } from '@hono/zod-openapi'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { campaignSpec } from '../campaigns/campaign.schema.ts'
import { forWholeCorp } from '../campaigns/campaign.words.ts'
import { fates } from '../campaigns/recipient.ts'
import { firstStart } from '../campaigns/schedule.ts'
import { tasksOfGroups } from './group.ts'
import { groupReasonWords } from './group.words.ts'
import { ownersOf } from './groups.store.ts'
import { decideGroups } from './groups-decided.ts'
import { waitUntilOf } from './plan.ts'
import { senderSetOf } from './runs.store.ts'

const count = z.int().min(0)
const said = z.object({ zh: z.string(), en: z.string() })
const none = { fate: 'excluded', reason: null, gaveWayTo: null } as const
/** Owners who are listed: those with most groups. */
const ownersShown = 200

export const groupsPreview = z
  .object({
    at: z.iso
      .datetime()
      .openapi({ description: 'When it would go out first; what a group had that day is asked of it' }),
    chosen: count,
    sent_to: count,
    customers: count.openapi({ description: 'In the groups that it would be sent to' }),
    left_out: z.array(z.object({ fate: z.enum(fates), reason: z.string(), words: said, groups: count })),
    owners: z.object({ all: count, shown: count }),
    taps: z
      .object({ per_owner: count, per_group: count })
      .openapi({ description: 'Confirmations of all owners: with a task an owner, and with a task a group' }),
    by_owner: z.array(
      z.object({
        userid: z.string(),
        name: z.string().nullable(),
        groups: count,
        taps: z.object({ per_owner: count, per_group: count }),
        open: count.openapi({ description: 'Tasks that wait for him already' }),
      }),
    ),
  })
  .openapi('GroupsPreview')

/** Of a send to groups while it is written: which it would reach, and the taps that either way of asking costs each owner. */
export function groupsPreviewRoutes({ db, clock, platform }: Pick<Services, 'db' | 'clock' | 'platform'>): Api {
  const api = createApi()
  api.openapi(
    route(
      { gate: 'campaigns.read', audit: { none: 'nothing is changed: it only counts' } },
      {
        method: 'post',
        path: '/api/campaigns/groups-preview',
        tags: ['campaigns'],
        request: {
          body: jsonContent(
            z.object({ spec: campaignSpec, campaign: z.uuid().nullable().default(null) }),
            'What has been written so far, and of which campaign it is',
          ),
        },
        responses: { 200: jsonContent(groupsPreview, 'As things stand'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), forWholeCorp)
      const { spec, campaign } = c.req.valid('json')
      const [zone, limits, now] = [await zoneOfCorp(db, corpId), await platform.limits(corpId), clock.now()]
      const at = firstStart(spec, now, zone) ?? now
      const waitUntil = waitUntilOf(spec, at)
      const nobody = { decided: [], rivals: [] }
      const { decided, rivals } =
        spec.groups === undefined
          ? nobody
          : await decideGroups(db, {
              ...{ corpId, campaignId: campaign, spec, at, waitUntil, zone, limits },
              // a rehearsal judges members: it takes too long while somebody types
              fullOf: null,
              senderSet: spec.senders.set === null ? null : await senderSetOf(db, corpId, spec.senders.set),
            })
      const sent = decided.filter(({ fate }) => fate === 'sent_to')
      const most = limits.value('broadcast.groups_max')
      const tasks = Map.groupBy(tasksOfGroups(sent, most), ({ owner }) => owner)
      const owners = [...Map.groupBy(sent, ({ owner }) => owner)]
        .map(([userid, his]) => ({ userid, groups: his.length, taps: tasks.get(userid)?.length ?? 0 }))
        .sort((a, b) => b.groups - a.groups || (a.userid < b.userid ? -1 : 1))
      const shown = owners.slice(0, ownersShown)
      const known = new Map(
        (
          await ownersOf(
            db,
            corpId,
            shown.map(({ userid }) => userid),
          )
        ).map((one) => [one.userid, one]),
      )
      const reasons = [
        ...Map.groupBy(decided, (one) => `${one.fate} ${one.reason ?? ''} ${one.gaveWayTo ?? ''}`).values(),
      ]
      return c.json(
        {
          ...{ at: at.toISOString(), chosen: decided.length, sent_to: sent.length },
          customers: sent.reduce((sum, one) => sum + one.customers, 0),
          left_out: reasons.flatMap((list) => {
            const [{ fate, reason, gaveWayTo } = none] = list
            const to = rivals.find(({ id }) => id === gaveWayTo)?.name ?? null
            return reason === null ? [] : [{ fate, reason, words: groupReasonWords(reason, to), groups: list.length }]
          }),
          owners: { all: owners.length, shown: shown.length },
          taps: { per_owner: owners.reduce((sum, one) => sum + one.taps, 0), per_group: sent.length },
          by_owner: shown.map(({ userid, groups, taps }) => ({
            ...{ userid, name: known.get(userid)?.name ?? null, groups, open: known.get(userid)?.open ?? 0 },
            taps: { per_owner: taps, per_group: groups },
          })),
        },
        200,
      )
    },
  )
  return api
}
