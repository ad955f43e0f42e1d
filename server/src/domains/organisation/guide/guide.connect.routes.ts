import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../infra/auth/actor.ts'
import { AppError, notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { retireDemoPassword } from '../accounts/accounts.retire.ts'
import { corpBasics, findCorp, saveApp, saveCorp } from '../corps.store.ts'
import { selfTest } from '../doctor/doctor.collect.ts'
import { doctorApps } from '../doctor/doctor.store.ts'
import { checkSecret } from './guide.check.ts'
import type { GuideEvents } from './guide.routes.ts'
import { appParam, connectBody, fileParam, newCallback, secretBody, selfTestView } from './guide.schema.ts'
import { newCallbackKey, newCallbackToken } from './guide.secrets.ts'
import { findApp, forgetWitness, removeFile, saveFile } from './guide.store.ts'
import { ownershipProblem } from './guide.ts'

const tags = ['guide']
const done = { description: 'Done' }
const kinds = { nuanyu: 'app', contacts: 'contacts-sync' } as const

/** The acts of the guide: secrets, callback keys, the self-test, ownership files. Nothing sealed is ever shown again. */
export function guideConnectRoutes(services: Services, events: GuideEvents): Api {
  const { db, vault, clock, config } = services
  const baseUrl = services.sandboxUrl ?? config.wecomUrl
  const api = createApi()

  api.openapi(
    route(
      { gate: 'guide.write', audit: 'guide.connect' },
      {
        method: 'post',
        path: '/api/guide/corp',
        tags,
        request: { body: jsonContent(connectBody, 'Corp and customer-contact app') },
        responses: { 204: { description: 'Checked at the platform and connected' }, ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { corpid, name, agent_id: agentId, secret } = c.req.valid('json')
      const known = await findCorp(db, corpid)
      // another brand's corp is for those who run the installation
      if (known?.id !== actor.corpId && actor.installation !== true) throw foreignCorp()
      const app = await checkSecret({ baseUrl, corpid, secret, kind: 'app', agentId })
      const corp = await db.transaction().execute(async (tx) => {
        const saved = await saveCorp(tx, { corpid, name }, clock.now())
        await saveApp(
          tx,
          vault,
          { corpId: saved.id, appKey: 'nuanyu', kind: 'app', name: app.name, agentId, secret },
          clock.now(),
        )
        return saved
      })
      // a corp at the real platform: the published password must be worth nothing from here on
      const retired = services.sandboxUrl === undefined ? await retireDemoPassword(services) : undefined
      await events.connected(corp.id)
      noteAudit(c, {
        objectKind: 'corp',
        objectId: corpid,
        after: {
          name,
          agent_id: agentId,
          secret: 'changed',
          ...(retired === undefined ? {} : { demo_disabled: retired.disabled, must_change: retired.mustChange }),
        },
      })
      return c.body(null, 204)
    },
  )

  api.openapi(
    route(
      { gate: 'guide.write', audit: 'guide.secret' },
      {
        method: 'put',
        path: '/api/guide/apps/{app_key}/secret',
        tags,
        request: { params: appParam, body: jsonContent(secretBody, 'The new secret') },
        responses: { 204: { description: 'Checked at the platform and kept' }, ...errorResponses },
      },
    ),
    async (c) => {
      const corp = await ownCorp(c.get('actor'))
      const { app_key: appKey } = c.req.valid('param')
      const { secret, agent_id: given } = c.req.valid('json')
      const kind = kinds[appKey]
      const known = await findApp(db, corp.id, appKey)
      const agentId = given ?? known?.agentId ?? undefined
      if (kind === 'app' && agentId === undefined) throw noAgent()
      const { name } = await checkSecret({ baseUrl, corpid: corp.corpid, secret, kind, agentId })
      await saveApp(db, vault, { corpId: corp.id, appKey, kind, name, agentId, secret }, clock.now())
      noteAudit(c, { objectKind: 'app', objectId: appKey, after: { secret: 'changed', agent_id: agentId ?? null } })
      return c.body(null, 204)
    },
  )

  api.openapi(
    route(
      { gate: 'guide.write', audit: 'guide.callback_keys' },
      {
        method: 'post',
        path: '/api/guide/apps/{app_key}/callback',
        tags,
        request: { params: appParam },
        responses: {
          201: jsonContent(newCallback, 'New keys, shown this once; the old ones stop working'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const corp = await ownCorp(c.get('actor'))
      const { app_key: appKey } = c.req.valid('param')
      const known = await findApp(db, corp.id, appKey)
      const callback = { token: newCallbackToken(), aesKey: newCallbackKey() }
      const kind = kinds[appKey]
      await db.transaction().execute(async (tx) => {
        const name = known?.name ?? (kind === 'app' ? '客户联系应用' : '通讯录同步')
        await saveApp(tx, vault, { corpId: corp.id, appKey, kind, name, callback }, clock.now())
        await forgetWitness(tx, corp.id, appKey)
      })
      noteAudit(c, { objectKind: 'app', objectId: appKey, after: { callback: 'changed' } })
      const url = `${config.publicUrl}/callbacks/wecom/${corp.corpid}/${appKey}`
      return c.json({ url, token: callback.token, aes_key: callback.aesKey }, 201)
    },
  )

  api.openapi(
    route(
      { gate: 'guide.read', audit: { none: 'changes nothing; calls our own address' } },
      {
        method: 'post',
        path: '/api/guide/apps/{app_key}/self-test',
        tags,
        request: { params: appParam },
        responses: {
          200: jsonContent(selfTestView, 'How our own address answered, called as the platform does'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const corp = await ownCorp(c.get('actor'))
      const { app_key: appKey } = c.req.valid('param')
      const app = (await doctorApps(db, vault, corp.id)).find((one) => one.appKey === appKey)
      if (app?.callback === undefined) throw notFound({ zh: '回调地址', en: 'callback address' })
      return c.json(await selfTest(config.publicUrl, corp.corpid, appKey, app.callback), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'guide.write', audit: 'guide.file' },
      {
        method: 'post',
        path: '/api/guide/files',
        tags,
        request: {
          body: {
            content: {
              'multipart/form-data': {
                schema: z.object({ file: z.any().openapi({ type: 'string', format: 'binary' }) }),
              },
            },
          },
        },
        responses: {
          201: jsonContent(z.object({ url: z.string() }), 'Served at the root of the domain from now on'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const corp = await ownCorp(c.get('actor'))
      const { file } = await c.req.parseBody()
      if (!(file instanceof File) || file.size > 1_000) throw badFile()
      const content = (await file.text()).trim()
      const problem = ownershipProblem(file.name, content)
      if (problem !== undefined) throw new AppError('invalid_request', problem, { hint: fromPlatform })
      if (!(await saveFile(db, corp.id, file.name, content, clock.now()))) throw takenFile(file.name)
      noteAudit(c, { objectKind: 'file', objectId: file.name })
      return c.json({ url: `${config.publicUrl}/${file.name}` }, 201)
    },
  )

  api.openapi(
    route(
      { gate: 'guide.write', audit: 'guide.file_remove' },
      {
        method: 'delete',
        path: '/api/guide/files/{name}',
        tags,
        request: { params: fileParam },
        responses: { 204: done, ...errorResponses },
      },
    ),
    async (c) => {
      const corp = await ownCorp(c.get('actor'))
      const { name } = c.req.valid('param')
      if (!(await removeFile(db, corp.id, name))) throw notFound({ zh: '文件', en: 'file' })
      noteAudit(c, { objectKind: 'file', objectId: name })
      return c.body(null, 204)
    },
  )
  return api

  async function ownCorp(actor: Actor): Promise<{ id: number; corpid: string }> {
    const corp = await corpBasics(db, actor.corpId)
    if (corp === undefined) throw notFound({ zh: '企业', en: 'corp' })
    return { id: actor.corpId, corpid: corp.corpid }
  }
}

const fromPlatform = {
  zh: '请上传从企业微信管理后台下载的原文件，不要改名。',
  en: 'Upload the file as the WeCom admin console gave it, under its own name.',
}

const badFile = () =>
  new AppError(
    'invalid_request',
    { zh: '没有收到文件，或文件太大。', en: 'No file came, or it is too large.' },
    { hint: fromPlatform },
  )

const takenFile = (name: string) =>
  new AppError(
    'conflict',
    { zh: `另一个品牌已上传了 ${name}。`, en: `Another brand has uploaded ${name}.` },
    { hint: { zh: '每个应用的校验文件不同，请重新下载。', en: 'Each app has a file of its own: download it again.' } },
  )

const foreignCorp = () =>
  new AppError(
    'forbidden',
    {
      zh: '接入新的企业要由安装管理员来做。',
      en: 'Connecting another corp is for an administrator of the installation.',
    },
    { hint: { zh: '请用首次启动时的管理员账号登录。', en: 'Log in with the account of the first start.' } },
  )

const noAgent = () =>
  new AppError(
    'invalid_request',
    { zh: '还不知道这个应用的 AgentId。', en: 'The app’s agent id is not known yet.' },
    { hint: { zh: '请一起填写 AgentId。', en: 'Enter it too.' } },
  )
