import { notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { assetsOf, platformMedia, siteOfCorp } from '../../content/index.ts'
import { preferencesAddress } from '../../reach/index.ts'
import { corpFacts } from '../codes/code-desk.store.ts'
import { welcomeTestInput, welcomeTestView } from './welcome.schema.ts'
import { loadActiveWelcomes, loadGreetingStaff } from './welcome.store.ts'
import { chooseWelcome } from './welcome.ts'
import { renderWelcome } from './welcome-render.ts'
import { greetingChannel } from './welcome-test.store.ts'

/** «Which welcome would this member, channel, time and kind of customer get, and why» */
export function welcomeTestRoutes(services: Pick<Services, 'db' | 'clock' | 'config' | 'vault'>): Api {
  const { db, clock, config, vault } = services
  const api = createApi()

  api.openapi(
    route(
      { gate: 'welcome.read', audit: { none: 'nothing is changed or sent' } },
      {
        method: 'post',
        path: '/api/welcomes/test',
        tags: ['welcomes'],
        request: { body: jsonContent(welcomeTestInput, 'Member, channel, time, kind of customer') },
        responses: { 200: jsonContent(welcomeTestView, 'The decision in full'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = c.get('actor')
      const input = c.req.valid('json')
      const { zone } = await corpFacts(db, corpId)
      const member = (await loadGreetingStaff(db, [`${corpId} ${input.userid}`])).get(`${corpId} ${input.userid}`)
      if (member === undefined) throw notFound({ zh: '员工', en: 'member' })
      const channel = input.channel_id === undefined ? undefined : await greetingChannel(db, corpId, input.channel_id)
      if (input.channel_id !== undefined && channel === undefined) throw notFound({ zh: '渠道', en: 'channel' })
      const at = input.at === undefined ? clock.now() : new Date(input.at)
      const { considered, band } = chooseWelcome(await loadActiveWelcomes(db, corpId), {
        channelId: channel?.id,
        userid: input.userid,
        storeId: channel?.storeId ?? member.storeId,
        stage: input.stage,
        at,
        zone,
      })
      const media = await platformMedia(db, assetsOf(band?.content.attachments ?? []), at)
      // who it would go to is nobody yet: the address that knows no one stands for his own
      const preferences = preferencesAddress(await siteOfCorp(db, config, corpId), vault, corpId)
      const rendered =
        band === undefined
          ? undefined
          : renderWelcome(
              band.content,
              { customer: input.customer_name, staff: member.name, store: member.storeName, preferences },
              (id) => media.get(id),
            )
      return c.json(
        {
          asked: {
            userid: input.userid,
            staff_name: member.name,
            store_name: member.storeName ?? null,
            channel_id: channel?.id ?? null,
            channel_name: channel?.name ?? null,
            stage: input.stage,
            at: at.toISOString(),
            zone,
          },
          considered: considered.map((one) => ({
            level: one.level,
            welcome_id: one.welcomeId ?? null,
            name: one.name ?? null,
            version: one.version ?? null,
            outcome: one.outcome,
          })),
          band: band?.name ?? null,
          band_stage: band?.stage ?? null,
          text: rendered?.text?.content ?? null,
          attachments: [...(band?.content.attachments ?? [])],
          missing_assets: [...(rendered?.missingAssets ?? [])],
        },
        200,
      )
    },
  )

  return api
}
