import { z } from '@hono/zod-openapi'
import { stepGroups, stepIds } from './guide.ts'

export const guideApp = z.object({
  app_key: z.string(),
  name: z.string(),
  kind: z.string(),
  agent_id: z.int().nullable(),
  has_secret: z.boolean(),
  has_callback: z.boolean(),
  /** Why the secret is not used until a person changes it. */
  circuit: z.string().nullable(),
  callback_url: z.string(),
  verified_at: z.iso.datetime().nullable(),
  last_callback_at: z.iso.datetime().nullable(),
})
export const guideView = z
  .object({
    corp: z.object({ corpid: z.string(), name: z.string() }).nullable(),
    public_url: z.string(),
    sandbox: z.boolean(),
    may_write: z.boolean(),
    apps: z.array(guideApp),
    files: z.array(z.object({ name: z.string(), url: z.string(), created_at: z.iso.datetime() })),
    outbound_ips: z.array(z.string()),
    inbound_ips: z.array(z.string()),
    steps: z.array(
      z.object({
        id: z.enum(stepIds),
        group: z.enum(stepGroups),
        title: z.string(),
        how: z.string(),
        menu_path: z.string().nullable(),
        state: z.enum(['done', 'problem', 'skipped', 'open']),
        /** True: seen by the doctor; false: no interface tells, a person ticks it off. */
        seen: z.boolean(),
        by: z.string().nullable(),
        findings: z.array(z.string()),
      }),
    ),
  })
  .openapi('Guide')

const secret = z.string().trim().min(10).max(200)
export const connectBody = z
  .object({
    corpid: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9_-]{4,64}$/),
    name: z.string().trim().min(1).max(60),
    agent_id: z.int().positive(),
    secret,
  })
  .openapi('ConnectCorp')
export const secretBody = z.object({ secret, agent_id: z.int().positive().optional() }).openapi('AppSecret')
/** Apps that the guide knows: the customer-contact app and contacts-sync. */
export const appParam = z.object({ app_key: z.enum(['nuanyu', 'contacts']) })
export const stepParam = z.object({ step: z.enum(stepIds) })
export const stepBody = z.object({ state: z.enum(['done', 'skipped', 'open']) })
export const fileParam = z.object({ name: z.string().max(100) })
export const newCallback = z.object({ url: z.string(), token: z.string(), aes_key: z.string() }).openapi('CallbackKeys')
export const selfTestView = z.object({ ok: z.boolean(), ms: z.int(), said: z.string() }).openapi('CallbackSelfTest')
