import { accessErrors } from './access.ts'
import { customerErrors } from './customers.ts'
import type { ErrorEntries, ErrorEntry } from './entry.ts'
import { parameterErrors } from './parameters.ts'
import { reachErrors } from './reach.ts'
import { serviceErrors } from './services.ts'

export type { ErrorEntry } from './entry.ts'

/** Codes by number, with their meaning and what to do (D90313). */
export const errorCatalogue: ErrorEntries = {
  ...accessErrors,
  ...parameterErrors,
  ...customerErrors,
  ...reachErrors,
  ...serviceErrors,
}

/** The entry of a code; an unknown code gets a general one, so that nobody meets a bare number. */
export function explain(errcode: number): ErrorEntry {
  const page = `https://developer.work.weixin.qq.com/devtool/query?e=${errcode}`
  return (
    errorCatalogue[errcode] ?? {
      meaning: 'an error that this version does not know',
      meaningZh: '本版本尚未收录的错误码',
      remedy: `Look the code up at ${page}`,
      remedyZh: `请到 ${page} 查询该错误码`,
    }
  )
}
