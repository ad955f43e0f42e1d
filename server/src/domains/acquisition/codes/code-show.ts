import type { Client } from '@nuanyu/wecom'
import type { Services } from '../../../infra/services.ts'
import { findCode, savePicture } from './code.store.ts'
import { bringUp } from './code-bring-up.ts'
import { callTools } from './code-call.ts'
import { decodePicture, fetchPicture } from './code-picture.ts'

/** What a code holds, making it at the platform now if it is not there yet; undefined: it could not be made in time. */
export async function contentNow(
  services: Services,
  client: Client,
  corpId: number,
  codeId: string,
): Promise<string | undefined> {
  const { db, log } = services
  let code = await findCode(db, corpId, codeId)
  if (code !== undefined && code.configId === null && code.calling === null) {
    await bringUp(callTools(services, client, 'interactive'), code, log)
    code = await findCode(db, corpId, codeId)
  }
  if (code === undefined || code.url === null) return undefined
  if (code.content !== null) return code.content
  const picture = await fetchPicture(code.url)
  const content = await decodePicture(picture)
  if (content !== undefined) await savePicture(db, code.id, picture, content)
  return content
}
