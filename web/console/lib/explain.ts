import { ApiError } from '#shared/api/errors.ts'
import { say } from '#shared/i18n/words.ts'
import { words } from '../components/words.ts'

export interface Explained {
  /** What happened and why. */
  title: string
  /** What to do. */
  hint: string
  code: string | undefined
}

/** Any failure in the reader's words. The server writes its own refusals; we add what it could not say. */
export function explain(error: unknown): Explained {
  if (error instanceof ApiError) {
    if (error.status === 0) {
      return { title: say(words, 'error.network.title'), hint: say(words, 'error.network.hint'), code: undefined }
    }
    return {
      title: error.message === '' ? say(words, 'error.status', { status: error.status }) : error.message,
      // a refusal that says nothing further is complete; only trouble is worth another try
      hint: error.hint ?? (error.message === '' || error.status >= 500 ? say(words, 'error.unknown.hint') : ''),
      code: error.code,
    }
  }
  return { title: say(words, 'error.title'), hint: say(words, 'error.unknown.hint'), code: undefined }
}
