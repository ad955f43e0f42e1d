import type { z } from 'zod'
import type { LimitName } from './limits.ts'

/**
 * Which secret's access token an endpoint takes. `none`: no token at all (gettoken itself);
 * `official` and `miniprogram`: a WeChat account's own, of api.weixin.qq.com; `provider`: a service provider's, which no secret of a corp gives.
 */
export type Credential = 'app' | 'contacts-sync' | 'archive' | 'kf' | 'provider' | 'official' | 'miniprogram' | 'none'

/**
 * What a caller may do when the answer was lost after the request went out.
 * - `safe`: a read; repeat at will.
 * - `idempotent`: the platform itself makes the second call harmless and says so by an error code.
 * - `never`: repeating would do the thing twice; the client reports the outcome as unknown instead.
 */
export type Repeat = 'safe' | 'idempotent' | 'never'

/** One interface of the platform, described once; the client gets its method from it, the sandbox its route. */
export interface Endpoint<Req extends z.ZodType = z.ZodType, Res extends z.ZodType = z.ZodType> {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Page number of WeCom's official documentation (`document/path/N`), or the address of WeChat's page. */
  readonly doc: number | string
  /** Query (GET), JSON body (POST) or the query beside the file (`upload`). */
  readonly request: Req
  readonly response: Res
  readonly repeat: Repeat
  /** Error codes of its own that it may answer, besides those every endpoint may (token, IP, frequency, scope). */
  readonly errors: readonly number[]
  readonly credential: readonly Credential[]
  /** Only the app that created the thing may read or change it. */
  readonly owner?: 'app'
  /** A multipart upload: the name of the file's form field. */
  readonly upload?: string
  /** A data-listing interface: few may run at the same time in one corp (45033). */
  readonly listing?: true
  /** The answer of success is a picture's bytes; only a failure is JSON. */
  readonly binary?: true
  /** Two calls on the same record at the same time conflict (45035). */
  readonly serial?: true
  /** Not counted in the frequency limits per corp and IP (D90312). */
  readonly exempt?: true
  /**
   * Names of limits in the limit profile that this endpoint draws on besides the basic ones per corp and IP. Those whose
   * unit is `count/min` or `count/h` bound its calls where they are below the basic ones.
   */
  readonly limits?: readonly LimitName[]
}

/** An endpoint that takes a file as multipart form data. */
export interface UploadEndpoint<Req extends z.ZodType = z.ZodType, Res extends z.ZodType = z.ZodType>
  extends Endpoint<Req, Res> {
  readonly upload: string
}

/** Declares an endpoint; the identity function, kept for inference of request and response. */
export function endpoint<Req extends z.ZodType, Res extends z.ZodType>(
  declaration: Endpoint<Req, Res>,
): Endpoint<Req, Res> {
  return declaration
}

/** Declares an endpoint that takes a file; `request` is the query beside it. */
export function uploadEndpoint<Req extends z.ZodType, Res extends z.ZodType>(
  declaration: UploadEndpoint<Req, Res>,
): UploadEndpoint<Req, Res> {
  return declaration
}

/** Endpoints by group and name, the shape of the catalogue. */
export type EndpointTree = Readonly<Record<string, Readonly<Record<string, Endpoint>>>>

/** The file of an upload. */
export interface UploadFile {
  readonly file: Blob | Uint8Array<ArrayBuffer>
  readonly filename: string
}

/** What the caller passes: the schema's input, defaults optional; with the file for uploads. Nothing is changed in it. */
export type RequestOf<E> =
  E extends UploadEndpoint<infer Req, z.ZodType>
    ? QueryOf<z.input<Req>> & UploadFile
    : E extends Endpoint<infer Req, z.ZodType>
      ? Unchanged<z.input<Req>>
      : never
/** An upload without any query of its own takes the file alone. */
type QueryOf<T> = string extends keyof T ? unknown : Unchanged<T>
type Unchanged<T> = T extends string
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Unchanged<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Unchanged<T[Key]> }
      : T
/** What the sandbox handler receives: the parsed request (of an upload, the query beside the file). */
export type ParsedRequestOf<E> = E extends Endpoint<infer Req, z.ZodType> ? z.output<Req> : never
/** What the platform answers on success, without errcode and errmsg. */
export type ResponseOf<E> = E extends Endpoint<z.ZodType, infer Res> ? z.output<Res> : never
