import type { Said } from '../../infra/errors.ts'
import type { Alarm } from '../insights/index.ts'
import type { StoredExport } from './exports.store.ts'

/** An export that nobody answered for so long ends by itself. Business time. */
export const answerDays = 7
/** The kind in the due table; its key is the export. */
export const unansweredDue = 'exports.unanswered'

export const waitingKey = (id: string) => `export.waiting:${id}`

/** Somebody waits for a second person: what those see who may agree. */
export function waitingAlarm(
  { id, corpId, expected }: Pick<StoredExport, 'id' | 'corpId' | 'expected'>,
  title: Said,
  who: string,
): Alarm {
  const rows = expected === null ? undefined : String(expected)
  return {
    ...{ corpId, kind: 'export.waiting', key: waitingKey(id), severity: 'info' },
    title: {
      zh: `${who} 申请导出「${title.zh}」${rows === undefined ? '' : `（${rows} 行）`}，等另一位有权限的同事同意`,
      en: `${who} asks to export “${title.en}”${rows === undefined ? '' : ` (${rows} rows)`}: somebody else has to agree`,
    },
    advice: {
      zh: `打开看条件、人数和字段后同意或拒绝；${answerDays} 天没有答复会自动失效。`,
      en: `See what it holds and agree or refuse; after ${answerDays} days without an answer it ends by itself.`,
    },
    subject: { type: 'export', id, path: `/commerce/exports?open=${id}` },
  }
}
