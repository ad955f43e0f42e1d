import { z } from 'zod'

/** The server's roles; by default one process has all of them. */
export const roles = ['http', 'worker', 'sandbox'] as const
export type Role = (typeof roles)[number]

const port = z.coerce.number().int().min(0).max(65_535)

const schema = z.object({
  PORT: port.default(3000),
  HOST: z.string().default('0.0.0.0'),
  SANDBOX_PORT: port.default(3001),
  SANDBOX: z.enum(['on', 'off']).default('on'),
  /** Where a sandbox that runs elsewhere is reached; unset: it runs in this process when the role is held. */
  SANDBOX_URL: z.url().optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
    .optional(),
  ROLES: z
    .string()
    .default(roles.join(','))
    .transform((text) => text.split(',').map((role) => role.trim()))
    .pipe(z.array(z.enum(roles)).min(1)),
  PUBLIC_URL: z.url().optional(),
  WECOM_URL: z.url().default('https://qyapi.weixin.qq.com'),
  WEIXIN_URL: z.url().default('https://api.weixin.qq.com'),
  /** Where a person's browser goes to log in by scan; with the sandbox it is the sandbox. */
  WECOM_LOGIN_URL: z.url().default('https://login.work.weixin.qq.com'),
  /** How many proxies of ours stand in front and append to X-Forwarded-For; 0: the header is not believed. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  NUANYU_KEY: z.string().min(32, 'needs at least 32 characters').optional(),
  ADMIN_PASSWORD: z.string().min(8).optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  DATABASE_POOL: z.coerce.number().int().min(4).max(200).default(16),
  /** The largest table that may be brought in, in MB. */
  IMPORT_MAX_MB: z.coerce.number().int().min(1).max(10_000).default(500),
  /** Days that brought tables are kept below DATA_DIR. */
  TABLE_FILES_DAYS: z.coerce.number().int().min(1).max(365).default(30),
  /** Hours that exported tables are kept below DATA_DIR. */
  EXPORT_FILES_HOURS: z.coerce.number().int().min(1).max(720).default(72),
})

export interface Config {
  readonly port: number
  readonly host: string
  readonly sandboxPort: number
  readonly sandbox: boolean
  readonly sandboxUrl: string | undefined
  readonly dataDir: string
  readonly databaseUrl: string | undefined
  readonly databasePool: number
  readonly importMaxMb: number
  readonly tableFilesDays: number
  readonly exportFilesHours: number
  readonly roles: ReadonlySet<Role>
  /** The address of the console and the callbacks as others reach it, without a slash at the end. */
  readonly publicUrl: string
  readonly wecomUrl: string
  /** Of Official Accounts and mini programs. */
  readonly weixinUrl: string
  readonly wecomLoginUrl: string
  readonly trustedProxies: number
  readonly key: string | undefined
  readonly adminPassword: string | undefined
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error'
}

/** A configuration that cannot be used; the message says what to set. */
export class ConfigError extends Error {}

/** Reads the environment; throws `ConfigError` with one sentence for each wrong variable. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    const sentences = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new ConfigError(`环境变量有误 Wrong environment: ${sentences.join('; ')}. 见 See .env.example.`)
  }
  const values = parsed.data
  return {
    port: values.PORT,
    host: values.HOST,
    sandboxPort: values.SANDBOX_PORT,
    sandbox: values.SANDBOX === 'on',
    sandboxUrl: values.SANDBOX_URL,
    dataDir: values.DATA_DIR,
    databaseUrl: values.DATABASE_URL,
    databasePool: values.DATABASE_POOL,
    importMaxMb: values.IMPORT_MAX_MB,
    tableFilesDays: values.TABLE_FILES_DAYS,
    exportFilesHours: values.EXPORT_FILES_HOURS,
    roles: new Set(values.ROLES),
    publicUrl: (values.PUBLIC_URL ?? `http://localhost:${values.PORT}`).replace(/\/$/, ''),
    wecomUrl: values.WECOM_URL,
    weixinUrl: values.WEIXIN_URL,
    wecomLoginUrl: values.WECOM_LOGIN_URL,
    trustedProxies: values.TRUSTED_PROXIES,
    key: values.NUANYU_KEY,
    adminPassword: values.ADMIN_PASSWORD,
    logLevel: values.LOG_LEVEL,
  }
}
