import type { SettingsPatch } from '@nuanyu/sandbox'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createChannelUpkeep } from './domains/acquisition/index.ts'
import { runSync } from './domains/customers/sync/sync.job.ts'
import type { DoctorRun } from './domains/organisation/doctor/doctor.store.ts'
import type { FindingCode } from './domains/organisation/doctor/doctor.words.ts'
import { createDoctor, saveApp } from './domains/organisation/index.ts'
import { createVisitors } from './infra/http/testing.ts'
import { pathStage } from './path-stage.ts'

/** The doctor against a whole server and the sandbox: each fault is made where it happens, found, and gone when mended. */

const stage = await pathStage({ sandbox: { people: 40, staff: 10, relations: 40 } })
const { services, database, sandboxUrl } = stage
const { db } = database
const at = { ...services, config: { ...services.config, publicUrl: stage.url } }
const upkeep = createChannelUpkeep(services)
const doctor = createDoctor(at)

const corp = await db.selectFrom('corps').select(['id', 'corpid']).executeTakeFirstOrThrow()
const operator = await createVisitors(stage.http, services).as(corp.id)('operator')

async function sandbox(method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${sandboxUrl}/sandbox${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const said: unknown = await answer.json()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(said)}`)
  return said
}
const settings = (patch: SettingsPatch) => sandbox('PATCH', '/settings', patch)
const fault = (kind: string, over: Record<string, unknown> = {}) => sandbox('POST', '/faults', { kind, ...over })
const refuses = (path: string, errcode: number) => fault('errcode', { match: { path }, errcode })
const heal = () => sandbox('DELETE', '/faults')
const person = z.object({ id: z.string() })
const peopleAnswer = z.object({
  people: z.array(z.object({ id: z.string(), userid: z.string().optional(), name: z.string() })),
})
const corpsAnswer = z.object({
  corps: z.array(
    z.object({ apps: z.array(z.object({ appKey: z.string(), agentId: z.number(), secret: z.string() })) }),
  ),
})
const secrets = new Map(
  corpsAnswer.parse(await sandbox('GET', '/corps')).corps[0]?.apps.map((app) => [app.appKey, app]),
)
const staff = peopleAnswer
  .parse(await sandbox('GET', '/people?role=staff&limit=10'))
  .people.map((one) => one.userid ?? one.id)
const [greeter = '', shy = '', leaver = ''] = staff

let newcomers = 0
/** Somebody new adds the member; done when his welcome has its outcome. */
async function add(userid: string = greeter): Promise<void> {
  await addUnheard(userid)
  await stage.settled()
}
async function addUnheard(userid: string): Promise<void> {
  newcomers += 1
  const { id } = person.parse(await sandbox('POST', '/people', { role: 'customer', name: `新客${newcomers}` }))
  await sandbox('POST', `/people/${id}/add`, { userid })
}
async function sync(): Promise<void> {
  const id = crypto.randomUUID()
  await db
    .insertInto('operations')
    .values({
      id,
      corp_id: corp.id,
      kind: 'sync.first',
      state: 'running',
      started_by: 'test',
      created_at: stage.clock.now(),
    })
    .execute()
  await runSync(services, { id, corpId: corp.id, input: {}, checkpoint: undefined, progress: async () => undefined })
}
async function channel(userid: string): Promise<string> {
  const reply = await operator.post('/api/channels', {
    kind: 'qr',
    name: `${userid} 的码`,
    strategy: 'platform',
    members: [{ kind: 'staff', ref: userid }],
  })
  expect([reply.status, reply.body]).toMatchObject([201, {}])
  await upkeep.pass({ sweep: true })
  return reply.as(person).id
}
async function secret(appKey: 'nuanyu' | 'contacts', value: string | undefined): Promise<void> {
  const app = secrets.get(appKey)
  const kind = appKey === 'nuanyu' ? ('app' as const) : ('contacts-sync' as const)
  await saveApp(
    db,
    services.vault,
    { corpId: corp.id, appKey, kind, name: appKey, agentId: app?.agentId, secret: value ?? app?.secret },
    stage.clock.now(),
  )
  services.platform.forget(corp.id, appKey)
}
const look = () => doctor.run(corp.id, 'person')
const codes = (run: DoctorRun) => run.findings.map((finding) => finding.code)

/** Looks until the fault is found: refusals of calls are counted a moment after they happen. */
async function lookFor(code: FindingCode): Promise<DoctorRun> {
  let run = await look()
  const found = async () => {
    if (!codes(run).includes(code)) run = await look()
    return codes(run)
  }
  await expect.poll(found).toContain(code)
  return run
}

/** As if an hour had passed: what was refused lately is no longer lately. */
const anHourLater = () => db.deleteFrom('call_failures').execute()

beforeAll(async () => {
  await sync()
  await channel(greeter)
  await add()
}, 60_000)

interface Fault {
  readonly code: FindingCode
  readonly where: string | null
  readonly mend: string
  readonly subject?: string
  readonly inject: () => Promise<unknown>
  readonly heal: () => Promise<unknown>
}

const member = (userid: string, change: NonNullable<SettingsPatch['members']>[string]) =>
  settings({ members: { [userid]: change } })

let stray = ''
const faults: readonly Fault[] = [
  {
    code: 'app.secret',
    where: '应用管理 > 自建 > 本应用 > Secret',
    mend: '重新填写 Secret',
    subject: 'nuanyu',
    inject: () => secret('nuanyu', 'a-secret-that-is-wrong-altogether'),
    heal: () => secret('nuanyu', undefined),
  },
  {
    code: 'contacts.secret',
    where: '通讯录同步',
    mend: '查看它的 Secret',
    subject: 'contacts',
    inject: () => secret('contacts', 'a-secret-that-is-wrong-altogether'),
    heal: () => secret('contacts', undefined),
  },
  {
    code: 'contacts.missing',
    where: '通讯录同步',
    mend: 'API 接口同步',
    inject: async () => {
      await db.updateTable('apps').set({ secret_sealed: null }).where('app_key', '=', 'contacts').execute()
      services.platform.forget(corp.id, 'contacts')
    },
    heal: () => secret('contacts', undefined),
  },
  {
    code: 'app.disabled',
    where: '应用管理 > 自建 > 本应用',
    mend: '启用开关',
    inject: () => settings({ apps: { nuanyu: { enabled: false } } }),
    heal: () => settings({ apps: { nuanyu: { enabled: true } } }),
  },
  {
    code: 'ip.not_trusted',
    where: '企业可信IP',
    mend: '把服务器的出口 IP 加入可信 IP',
    inject: async () => {
      await settings({ apps: { nuanyu: { trustedIps: [] } } })
      await db.deleteFrom('access_tokens').execute()
      services.platform.forget(corp.id, 'nuanyu')
    },
    heal: () => settings({ apps: { nuanyu: { trustedIps: null } } }),
  },
  {
    code: 'app.not_callable',
    where: '可调用接口的应用',
    mend: '勾选本应用并保存',
    inject: () => settings({ apps: { nuanyu: { callable: false } } }),
    heal: () => settings({ apps: { nuanyu: { callable: true } } }),
  },
  {
    code: 'member.not_visible',
    where: '可见范围',
    mend: '加入可见范围',
    subject: greeter,
    inject: () =>
      settings({ apps: { nuanyu: { visible: { users: staff.filter((one) => one !== greeter), departments: [] } } } }),
    heal: () => settings({ apps: { nuanyu: { visible: { users: [], departments: [1] } } } }),
  },
  {
    code: 'member.not_following',
    where: '客户联系 > 权限配置 > 使用范围',
    mend: '加入使用范围',
    subject: greeter,
    inject: () => member(greeter, { followUser: false }),
    heal: () => member(greeter, null),
  },
  {
    code: 'member.not_active',
    where: '通讯录',
    mend: '登录一次企业微信',
    subject: greeter,
    inject: () => member(greeter, { active: false }),
    heal: () => member(greeter, null),
  },
  {
    code: 'member.not_addable',
    where: '实名认证',
    mend: '重新检查',
    subject: shy,
    inject: async () => {
      await member(shy, { realName: false })
      stray = await channel(shy)
    },
    heal: async () => {
      await member(shy, null)
      expect((await operator.post(`/api/capacity/${shy}/recheck`)).status).toBe(204)
      await upkeep.pass({ sweep: true })
      await db.updateTable('channels').set({ status: 'deleted' }).where('id', '=', stray).execute()
    },
  },
  {
    code: 'member.gone',
    where: '渠道活码',
    mend: '从渠道里移除他们',
    subject: leaver,
    inject: async () => {
      stray = await channel(leaver)
      await sandbox('POST', '/console', { do: 'member.remove', userid: leaver })
      await sync()
    },
    heal: () => db.updateTable('channels').set({ status: 'deleted' }).where('id', '=', stray).execute(),
  },
  {
    code: 'welcome.no_code',
    where: '加客户 > 欢迎语',
    mend: '删除或停用包含这些员工的欢迎语',
    subject: greeter,
    inject: async () => {
      await member(greeter, { consoleWelcome: '你好，我是后台的欢迎语' })
      await add()
      await add()
    },
    heal: async () => {
      await member(greeter, null)
      await add()
    },
  },
  {
    code: 'welcome.raced',
    where: '可调用接口的应用',
    mend: '关掉它的欢迎语',
    inject: async () => {
      await refuses('externalcontact/send_welcome_msg', 41051)
      await add()
    },
    heal: async () => {
      await heal()
      await db.deleteFrom('welcome_sends').where('errcode', '=', 41051).execute()
    },
  },
  {
    code: 'archive.consent',
    where: '会话内容存档',
    mend: '必须先同意',
    inject: async () => {
      await settings({ corp: { archiveConsentMissing: true } })
      await add()
    },
    heal: () => settings({ corp: { archiveConsentMissing: false } }),
  },
  {
    code: 'miniprogram.unlinked',
    where: '关联小程序',
    mend: '关联该小程序',
    inject: async () => {
      await refuses('externalcontact/send_welcome_msg', 90206)
      await add()
    },
    heal,
  },
  {
    code: 'app.suspended',
    where: '工作台',
    mend: '打开一次应用',
    inject: () => refuses('externalcontact/get_follow_user_list', 48006),
    heal,
  },
  {
    code: 'app.inactive',
    where: '工作台',
    mend: '从工作台打开应用',
    inject: async () => {
      await sandbox('POST', '/console', { do: 'app.inactive_alert', appKey: 'nuanyu', days: 7 })
      await stage.settled()
    },
    heal: () => db.deleteFrom('callbacks').where('kind', '=', 'app.inactive_alert').execute(),
  },
  {
    code: 'range.denied',
    where: '可见范围',
    mend: '加入可见范围',
    inject: () => refuses('externalcontact/list', 60011),
    heal,
  },
  {
    code: 'corp.not_verified',
    where: '认证',
    mend: '完成企业认证',
    inject: () => refuses('agent/get', 43009),
    heal,
  },
  {
    code: 'corp.developer_account',
    where: '微信开发者ID',
    mend: '绑定同主体',
    inject: () => settings({ corp: { developerAccountBound: false } }),
    heal: () => settings({ corp: { developerAccountBound: true } }),
  },
  {
    code: 'domain.redirect',
    where: '授权回调域',
    mend: new URL(stage.url).host,
    inject: () => settings({ apps: { nuanyu: { redirectDomains: ['old.example.com'] } } }),
    heal: () => settings({ apps: { nuanyu: { redirectDomains: [] } } }),
  },
  {
    code: 'callback.refused',
    where: '接收消息 > 设置API接收',
    mend: '重新生成并粘贴三项',
    subject: 'nuanyu',
    inject: async () => {
      await newKeys()
      await sandbox('POST', '/console', { do: 'tag_group.create', name: '渠道', tags: ['海报'] })
      await stage.settled()
    },
    heal: async () => {
      const keys = await newKeys()
      await sandbox('PUT', `/corps/${corp.corpid}/apps/nuanyu/callback`, {
        url: `${stage.url}/callbacks/wecom/${corp.corpid}/nuanyu`,
        ...keys,
      })
    },
  },
  {
    code: 'callback.lost',
    where: '接收外部联系人变更回调',
    mend: '对账',
    subject: greeter,
    inject: async () => {
      await fault('callback_lost', { match: { event: 'change_external_contact/add_external_contact' } })
      await addUnheard(greeter)
      await sandbox('POST', '/clock', { advanceMs: 120_000 })
    },
    heal: async () => {
      await heal()
      await sync()
    },
  },
  {
    code: 'platform.unreachable',
    where: null,
    mend: '检查服务器出网',
    inject: () => fault('delay', { match: { path: 'agent/get' }, delayMs: 20_000 }),
    heal,
  },
]

async function newKeys() {
  const keys = {
    token: 'anothertoken',
    aesKey: Buffer.alloc(33, Math.random().toString(36)).toString('hex').slice(0, 43),
  }
  await saveApp(
    db,
    services.vault,
    { corpId: corp.id, appKey: 'nuanyu', kind: 'app', name: 'nuanyu', callback: keys },
    stage.clock.now(),
  )
  await stage.path.intake.apps.refresh()
  return keys
}

/** Keys of the doctor's alarms that stand. */
async function standing(): Promise<string[]> {
  const rows = await db.selectFrom('alarms').select('key').where('cleared_at', 'is', null).execute()
  return rows.map((row) => row.key).filter((key) => key.startsWith('doctor:'))
}

describe('the doctor', () => {
  it('finds nothing wrong with a healthy corp', async () => {
    expect((await look()).findings).toEqual([])
  })

  it.each(faults.map((one) => [one.code, one] as const))(
    'finds %s, says where and how to mend it, raises its alarm, and is silent once it is mended',
    async (code, { where, mend, subject, inject, heal: mended }) => {
      try {
        await inject()
        const run = await lookFor(code)
        const finding = run.findings.find((one) => one.code === code)
        expect(codes(run)).toContain(code)
        expect(finding?.menuPath?.zh ?? null).toEqual(where === null ? null : expect.stringContaining(where))
        expect(finding?.mend.zh).toContain(mend)
        if (subject !== undefined) expect(finding?.subjects.map((one) => one.id)).toContain(subject)
        if (finding?.severity !== 'info') expect(await standing()).toContain(`doctor:${code}`)
      } finally {
        await mended()
      }
      // refusals from before it was mended are counted a moment after they happened
      const silent = async () => {
        await anHourLater()
        return codes(await look())
      }
      await expect.poll(silent).toEqual([])
      expect(await standing()).toEqual([])
    },
    90_000,
  )

  it('looks anew for a person while another look is under way, since that may not know what he has just mended', async () => {
    const scheduled = doctor.run(corp.id, 'schedule')
    const [first, asked, shared, joined] = await Promise.all([
      scheduled,
      look(),
      look(),
      doctor.run(corp.id, 'schedule'),
    ])
    expect([joined.id, shared.id]).toEqual([first.id, asked.id])
    expect(asked.id).not.toBe(first.id)
  })

  it('finds an address that cannot be reached, and a clock that is wrong', async () => {
    const nowhere = createDoctor({ ...at, config: { ...at.config, publicUrl: 'http://127.0.0.1:9' } })
    expect(codes(await nowhere.run(corp.id, 'person'))).toEqual(['callback.self_test'])
    const late = createDoctor(at, () => Date.now() - 5 * 60_000)
    const began = performance.now()
    const run = await late.run(corp.id, 'person')
    const ranS = Math.ceil((performance.now() - began) / 1_000)
    expect(codes(run)).toEqual(['clock.skew'])
    const told = Number(/(\d+) 秒/.exec(run.findings[0]?.title.zh ?? '')?.[1])
    expect(Math.abs(told - 300)).toBeLessThanOrEqual(ranS)
  })

  it('counts an add without a code as harmless when the customer had been there before', async () => {
    await member(greeter, { consoleWelcome: '后台欢迎语' })
    const { id } = person.parse(await sandbox('POST', '/people', { role: 'customer', name: '老客' }))
    await sandbox('POST', `/people/${id}/add`, { userid: shy })
    await sandbox('POST', `/people/${id}/delete`, { peer: shy })
    await sandbox('POST', `/people/${id}/add`, { userid: shy })
    await stage.settled()
    await member(greeter, null)
    expect(codes(await look())).toEqual([])
  })

  it('says when the platform limits an interface, and until when', async () => {
    await refuses('externalcontact/list', 45009)
    const run = await lookFor('budget.blocked')
    expect(run.findings.find((one) => one.code === 'budget.blocked')).toMatchObject({
      severity: 'red',
      subjects: [{ type: 'api', id: '/cgi-bin/externalcontact/list' }],
      menuPath: { zh: expect.stringContaining('自助解封') },
    })
    await heal()
  })

  it('at least twenty different faults are proven', () => {
    expect(new Set(faults.map((one) => one.code)).size).toBeGreaterThanOrEqual(20)
  })
})
