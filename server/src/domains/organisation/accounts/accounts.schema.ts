import { z } from '@hono/zod-openapi'
import { roleNames } from '../../../infra/auth/actor.ts'
import { pageQuery } from '../../../infra/http/api.ts'

export const roleSchema = z.enum(roleNames)

export const scopeSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('corp') }),
    z.object({ kind: z.literal('region'), department_ids: z.array(z.int().positive()).max(200) }),
    z.object({ kind: z.literal('store'), store_ids: z.array(z.uuid()).max(2_000) }),
    z.object({ kind: z.literal('self') }),
  ])
  .openapi('AccountScope')

const locale = z.enum(['zh', 'en'])
const name = z.string().trim().min(1).max(64)
const password = z.string().min(1).max(400)
const wecomUserid = z.string().trim().min(1).max(64)

export const accountView = z
  .object({
    id: z.string(),
    username: z.string(),
    name: z.string(),
    role: roleSchema,
    scope: scopeSchema,
    wecom_userid: z.string().nullable(),
    has_password: z.boolean(),
    locale,
    /** Of the installation, not of this corp alone. */
    installation: z.boolean(),
    disabled_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
    last_seen_at: z.iso.datetime().nullable(),
    manageable: z.boolean(),
  })
  .openapi('Account')

export const accountsQuery = pageQuery.extend({
  q: z.string().max(64).optional(),
  role: roleSchema.optional(),
  status: z.enum(['active', 'disabled']).optional(),
})

export const newAccount = z
  .object({
    username: z
      .string()
      .max(64)
      .regex(/^\s*[\p{L}\p{N}][\p{L}\p{N}._@-]{1,63}\s*$/u, 'letters, digits and . _ @ - , 2 to 64 characters'),
    name,
    role: roleSchema,
    scope: scopeSchema,
    wecom_userid: wecomUserid.nullable().default(null),
    password: password.nullable().default(null),
    locale: locale.default('zh'),
    installation: z.boolean().default(false),
  })
  .openapi('NewAccount')

/** What is left out stays as it is. */
export const accountChange = z
  .object({
    name: name.optional(),
    role: roleSchema.optional(),
    scope: scopeSchema.optional(),
    wecom_userid: wecomUserid.nullable().optional(),
    password: password.optional(),
    locale: locale.optional(),
    disabled: z.boolean().optional(),
  })
  .openapi('AccountChange')

export const idParam = z.object({ id: z.uuid() })

export const rolesView = z.object({
  permissions: z.array(z.string()),
  roles: z.array(
    z.object({
      role: roleSchema,
      permissions: z.array(z.string()),
      scopes: z.array(z.enum(['corp', 'region', 'store', 'self'])),
      sees_personal_data: z.boolean(),
    }),
  ),
})

export const scopeOptions = z.object({
  departments: z.array(z.object({ id: z.int(), name: z.string(), parent_id: z.int() })),
  stores: z.array(z.object({ id: z.string(), code: z.string(), name: z.string() })),
  staff: z.array(z.object({ userid: z.string(), name: z.string(), has_account: z.boolean() })),
})
export const scopeOptionsQuery = z.object({
  q: z.string().max(64).default(''),
  /** Members of this department only. */
  department: z.coerce.number().int().positive().optional(),
  /** Stores and a member that are chosen already, joined by commas: they are answered whatever `q` says. */
  store_ids: z
    .string()
    .regex(/^([0-9a-f-]{36}(,[0-9a-f-]{36})*)?$/)
    .optional(),
  userid: z.string().max(64).optional(),
})

// ---------------------------------------------------------------- logging in, and oneself

export const loginBody = z.object({ username: z.string().min(1).max(200), password })
export const ok = z.object({ ok: z.boolean() })

export const meView = z
  .object({
    account: z.object({
      id: z.string(),
      username: z.string(),
      name: z.string(),
      role: roleSchema,
      scope: scopeSchema,
      locale: z.string(),
      has_password: z.boolean(),
      /** Everything but a new password and log-out answers `password_change_required` until then. */
      must_change_password: z.boolean(),
      installation: z.boolean(),
      sees_personal_data: z.boolean(),
    }),
    /** `id` is the corpid; empty before the first corp is connected. */
    corp: z.object({ id: z.string(), name: z.string() }),
    /** The corps that this account may work in. */
    corps: z.array(z.object({ id: z.string(), name: z.string() })),
    csrf: z.string(),
    permissions: z.array(z.string()),
    sandbox: z.boolean(),
    /** Where the sandbox's phone is as this server reaches it; null without a sandbox. */
    sandbox_phone: z.string().nullable(),
  })
  .openapi('Me')

export const methodsView = z.object({
  password: z.boolean(),
  /** Corps whose members may log in by scan. */
  wecom: z.array(z.object({ corp: z.string(), name: z.string() })),
})

export const sessionView = z
  .object({
    id: z.string(),
    current: z.boolean(),
    method: z.enum(['password', 'wecom']),
    ip: z.string(),
    user_agent: z.string(),
    created_at: z.iso.datetime(),
    seen_at: z.iso.datetime(),
  })
  .openapi('Session')

export const passwordChange = z.object({ current: password.optional(), password })
export const preferences = z.object({ locale })
export const corpChoice = z.object({ corp: z.string().max(64) })
export const ended = z.object({ ended: z.int() })

export const wecomStartQuery = z.object({
  corp: z.string().max(64).optional(),
  return_to: z.string().max(500).optional(),
})
export const wecomCallbackQuery = z.object({
  code: z.string().max(600).optional(),
  state: z.string().max(200).optional(),
})
