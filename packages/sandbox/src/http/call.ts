import type { Catalogue, Handlers as CompleteHandlers } from '@nuanyu/wecom'
import type { Fail, Prepared } from '../fail.ts'
import type { Platform } from '../platform.ts'
import type { CorpApp } from '../world/apps.ts'
import type { Frequency } from './frequency.ts'
import type { SecretGuard } from './secrets.ts'
import type { UploadedFile } from './upload.ts'

/** What a handler knows of the call besides its request. */
export interface Call {
  readonly platform: Platform
  /** The app of the token; of no meaning for gettoken. */
  readonly app: CorpApp
  readonly ip: string
  /** The file of an upload. */
  readonly file: UploadedFile | undefined
  readonly frequency: Frequency
  readonly secrets: SecretGuard
}

/** A handler for every declared endpoint: an interface without one does not compile. */
export type Handlers = CompleteHandlers<Call, Fail | Prepared>
export type GroupHandlers<Group extends keyof Catalogue> = Handlers[Group]
