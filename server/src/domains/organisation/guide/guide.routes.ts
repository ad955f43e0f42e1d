import type { z } from '@hono/zod-openapi'
import { type Actor, may } from '../../../infra/auth/actor.ts'
import { AppError, type Said } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { lastRuns } from '../doctor/doctor.store.ts'
import { guideConnectRoutes } from './guide.connect.routes.ts'
import { guideView, stepBody, stepParam } from './guide.schema.ts'
import { readGuide, saveStep } from './guide.store.ts'
import { guideSteps, stepState } from './guide.ts'

export interface GuideEvents {
  /** A corp was connected: what else has to begin. */
  readonly connected: (corpId: number) => Promise<unknown>
}

/** 接入向导: how far a real corp is connected, and the steps that only a person can take. */
export function guideRoutes(services: Services, events: GuideEvents): Api {
  const { db, clock } = services
  const api = createApi()
  api.route('/', guideConnectRoutes(services, events))

  api.openapi(
    route(
      { gate: 'guide.read' },
      {
        method: 'get',
        path: '/api/guide',
        tags: ['guide'],
        responses: { 200: jsonContent(guideView, 'Every step with its state'), ...errorResponses },
      },
    ),
    async (c) => c.json(await present(services, c.get('actor'), c.get('language')), 200),
  )

  api.openapi(
    route(
      { gate: 'guide.write', audit: 'guide.step' },
      {
        method: 'put',
        path: '/api/guide/steps/{step}',
        tags: ['guide'],
        request: { params: stepParam, body: jsonContent(stepBody, 'done, skipped, or open again') },
        responses: { 200: jsonContent(guideView, 'The guide as it is now'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      if (actor.corpId === 0) throw noCorpYet()
      const { step } = c.req.valid('param')
      const { state } = c.req.valid('json')
      await saveStep(
        db,
        actor.corpId,
        step,
        state === 'open' ? undefined : { state, byName: actor.name, at: clock.now() },
      )
      return c.json(await present(services, actor, c.get('language')), 200)
    },
  )
  return api
}

async function present(
  { db, config, sandboxUrl }: Services,
  actor: Actor,
  language: keyof Said,
): Promise<z.output<typeof guideView>> {
  const stored = await readGuide(db, actor.corpId)
  const [run] = await lastRuns(db, actor.corpId, 1)
  const main = stored.apps.find((app) => app.kind === 'app' && app.hasSecret)
  const contacts = stored.apps.find((app) => app.kind === 'contacts-sync' && app.hasSecret)
  const heard = (app: (typeof stored.apps)[number] | undefined) =>
    app !== undefined && (app.verifiedAt !== null || app.lastCallbackAt !== null)
  const facts = {
    connected: main !== undefined,
    contactsConnected: contacts !== undefined,
    callbackHeard: heard(main),
    contactsHeard: heard(contacts),
    changesHeard: stored.changesHeard,
    files: stored.files.length,
    real: sandboxUrl === undefined,
    findings: run === undefined ? undefined : new Set(run.findings.map((finding) => finding.code)),
    said: new Map(stored.steps.map((one) => [one.step, one.state])),
  }
  return {
    corp: stored.corp ?? null,
    public_url: config.publicUrl,
    sandbox: sandboxUrl !== undefined,
    may_write: may(actor, 'guide.write'),
    apps: stored.apps.map((app) => ({
      app_key: app.appKey,
      name: app.name,
      kind: app.kind,
      agent_id: app.agentId,
      has_secret: app.hasSecret,
      has_callback: app.hasCallback,
      circuit: app.circuitReason,
      callback_url: `${config.publicUrl}/callbacks/wecom/${stored.corp?.corpid ?? ''}/${app.appKey}`,
      verified_at: app.verifiedAt?.toISOString() ?? null,
      last_callback_at: app.lastCallbackAt?.toISOString() ?? null,
    })),
    files: stored.files.map((file) => ({
      name: file.name,
      url: `${config.publicUrl}/${file.name}`,
      created_at: file.createdAt.toISOString(),
    })),
    outbound_ips: [...(run?.facts.outbound ?? [])],
    inbound_ips: [...(run?.facts.inbound ?? [])],
    steps: guideSteps.map((one) => ({
      id: one.id,
      group: one.group,
      title: one.title[language],
      how: one.how[language],
      menu_path: one.menuPath?.[language] ?? null,
      state: stepState(one, facts),
      seen: one.seen,
      by: stored.steps.find((said) => said.step === one.id)?.byName ?? null,
      findings: (run?.findings ?? [])
        .filter((finding) => one.codes.includes(finding.code))
        .map((finding) => finding.title[language]),
    })),
  }
}

const noCorpYet = () =>
  new AppError(
    'conflict',
    { zh: '还没有接入企业。', en: 'No corp is connected yet.' },
    {
      hint: {
        zh: '先在第一步填写企业 ID 和应用 Secret。',
        en: 'Enter the corp id and the app’s secret in the first step.',
      },
    },
  )
