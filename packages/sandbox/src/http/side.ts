import { type Endpoint, findEndpoint, findEndpointByPath } from '@nuanyu/wecom'
import type { Fail } from '../fail.ts'
import { handlers } from '../handlers/index.ts'
import type { Platform } from '../platform.ts'
import { hash } from '../random.ts'
import type { CorpApp } from '../world/apps.ts'
import { type Admission, createAdmission } from './admission.ts'
import type { Call } from './call.ts'
import type { Frequency } from './frequency.ts'
import type { SecretGuard } from './secrets.ts'
import type { UploadedFile } from './upload.ts'

/** Whose token a call carries; an empty key for nobody's. */
export interface Caller {
  readonly appKey: string
}

export interface NamedRoute {
  readonly group: string
  readonly name: string
  readonly endpoint: Endpoint
}

/** What is known of a call besides its request. */
export interface Circumstances<App> {
  readonly app: App
  readonly ip: string
  readonly file: UploadedFile | undefined
  readonly frequency: Frequency
  readonly secrets: SecretGuard
}

/** What differs between the platforms that the frame serves: WeCom, and WeChat's side of it. */
export interface Side<App extends Caller> {
  /** The endpoint on a route, or the one at its path whatever the method. */
  find(method: string, path: string): NamedRoute | undefined
  admission(frequency: Frequency, secrets: SecretGuard): Admission<App>
  handle(named: NamedRoute, call: Circumstances<App>, request: unknown): Promise<object> | object
  errmsg(why: Fail, served: number, ip: string): string
  /** Whether a success carries no errcode. */
  bare(endpoint: Endpoint): boolean
  /** The path as records and faults name it. */
  shownPath(path: string): string
}

type Any<Call> = (call: Call, request: unknown) => Promise<object> | object

/** Handlers are complete by type; here one is looked up by a name that came from the catalogue. */
export function handlerOf<Call>(all: unknown, { group, name }: NamedRoute): Any<Call> {
  const handler = (all as Record<string, Record<string, Any<Call>>>)[group]?.[name]
  if (handler === undefined) throw new Error(`no handler for ${group}.${name}`)
  return handler
}

/** WeCom: qyapi.weixin.qq.com. */
export function wecomSide(platform: Platform): Side<CorpApp> {
  const { clock, world } = platform
  return {
    find: (method, path) => findEndpoint(method, path) ?? findEndpointByPath(path),
    admission: (frequency, secrets) => createAdmission(platform, frequency, secrets),
    handle: (named, call, request) => handlerOf<Call>(handlers, named)({ platform, ...call }, request),
    errmsg({ errcode, detail }, served, ip) {
      const hint = hash(served, world.seed).toString(16).padStart(8, '0')
      const stamp = `${Math.floor(clock.now() / 1000)}_${served % 100}_${hint}`
      const more = `https://open.work.weixin.qq.com/devtool/query?e=${errcode}`
      return `${detail}, hint: [${stamp}], from ip: ${ip}, more info at ${more}`
    },
    bare: () => false,
    shownPath: (path) => path,
  }
}
