import type { z } from '@hono/zod-openapi'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { AppError } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { absoluteWords } from '../campaigns/absolute-words.ts'
import { forWholeCorp } from '../campaigns/campaign.words.ts'
import { settingsInput, settingsView, wordsInput, wordsView } from './settings.schema.ts'
import {
  type ForbiddenWord,
  forbiddenWords,
  holdForbiddenWords,
  reachSettings,
  writeForbiddenWords,
  writeReachSettings,
} from './settings.store.ts'
import type { ReachSettings } from './settings.ts'

const tags = ['reach settings']

/** What a corp sets for its sends: the brand's name, how many agree, the global holdout, forbidden words. */
export function reachSettingsRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/reach/settings',
        tags,
        responses: { 200: jsonContent(settingsView, 'As they are in force'), ...errorResponses },
      },
    ),
    async (c) => c.json(present(await reachSettings(db, c.get('actor').corpId)), 200),
  )

  api.openapi(
    route(
      { gate: 'campaigns.approve', audit: 'reach_settings.update' },
      {
        method: 'put',
        path: '/api/reach/settings',
        tags,
        request: { body: jsonContent(settingsInput, 'In force for what is submitted from now on') },
        responses: { 200: jsonContent(settingsView, 'As they are in force'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), forWholeCorp)
      const given = c.req.valid('json')
      const standing = await reachSettings(db, corpId)
      const before = present(standing)
      const settings = {
        brand: given.brand,
        oneApprovalMost: given.one_approval_most,
        twoForTiers: given.two_for_tiers,
        globalHoldoutPermille: given.global_holdout_permille,
        momentsAMonth: given.moments_a_month ?? standing.momentsAMonth,
        earnerOrder: given.earner_order ?? standing.earnerOrder,
      }
      await writeReachSettings(db, corpId, settings, clock.now())
      noteAudit(c, { before, after: given })
      return c.json(present(await reachSettings(db, corpId)), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/reach/forbidden-words',
        tags,
        responses: { 200: jsonContent(wordsView, 'The corp’s and the shipped ones'), ...errorResponses },
      },
    ),
    async (c) => c.json(await standing(c.get('actor').corpId), 200),
  )

  api.openapi(
    route(
      { gate: 'campaigns.approve', audit: 'forbidden_words.update' },
      {
        method: 'put',
        path: '/api/reach/forbidden-words',
        tags,
        request: { body: jsonContent(wordsInput, 'The corp’s words from now on; others of it are forgotten') },
        responses: { 200: jsonContent(wordsView, 'The corp’s and the shipped ones'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId, accountId } = wholeCorp(c.get('actor'), forWholeCorp)
      const { items, before } = c.req.valid('json')
      const unique = [...new Map(items.map((one) => [one.word, one])).values()]
      await db.transaction().execute(async (tx) => {
        await holdForbiddenWords(tx, corpId)
        if (before !== undefined && !sameWords(before, await forbiddenWords(tx, corpId))) throw wordsChanged()
        await writeForbiddenWords(tx, corpId, unique, { account: accountId, at: clock.now() })
      })
      noteAudit(c, { count: unique.length, after: { words: unique.map(({ word }) => word).slice(0, 50) } })
      return c.json(await standing(corpId), 200)
    },
  )

  const standing = async (corpId: number) => ({
    items: [...(await forbiddenWords(db, corpId))],
    shipped: [...absoluteWords],
  })
  return api
}

function sameWords(a: readonly ForbiddenWord[], b: readonly ForbiddenWord[]): boolean {
  const of = (list: readonly ForbiddenWord[]) => new Set(list.map(({ word, advice }) => JSON.stringify([word, advice])))
  const [these, those] = [of(a), of(b)]
  return these.size === those.size && [...these].every((one) => those.has(one))
}

function wordsChanged(): AppError {
  return new AppError(
    'conflict',
    { zh: '别人刚刚改了敏感词。', en: 'Somebody changed the forbidden words meanwhile.' },
    { hint: { zh: '请刷新页面，在最新的词表上修改。', en: 'Reload the page and edit the latest list.' } },
  )
}

function present(settings: ReachSettings): z.output<typeof settingsView> {
  return {
    brand: settings.brand,
    one_approval_most: settings.oneApprovalMost,
    two_for_tiers: [...settings.twoForTiers],
    global_holdout_permille: settings.globalHoldoutPermille,
    moments_a_month: settings.momentsAMonth,
    earner_order: [...settings.earnerOrder],
  }
}
