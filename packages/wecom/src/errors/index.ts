/** What an error code of the platform means and what to do about it, in both languages. */
export interface ErrorEntry {
  readonly meaning: string
  readonly meaningZh: string
  readonly remedy: string
  readonly remedyZh: string
}

/** Codes by number (D90313). */
export const errorCatalogue: Readonly<Record<number, ErrorEntry>> = {}

/** The entry of a code; an unknown code gets a general one, so that nobody meets a bare number. */
export function explain(errcode: number): ErrorEntry {
  return (
    errorCatalogue[errcode] ?? {
      meaning: 'an error that this version does not know',
      meaningZh: '本版本尚未收录的错误码',
      remedy: `Look the code up at https://developer.work.weixin.qq.com/devtool/query?e=${errcode}`,
      remedyZh: `请到 https://developer.work.weixin.qq.com/devtool/query?e=${errcode} 查询该错误码`,
    }
  )
}
