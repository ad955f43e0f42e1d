import type { CallRecord } from '@nuanyu/wecom'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Log } from '../log.ts'
import { addFailures, type CountedFailure } from './failures.store.ts'

/** Counts what the platform refuses, so that the doctor can tell which setting is behind it. */
export interface CallFailures {
  note(record: CallRecord): void
  /** Writes what was counted and not yet written. */
  flush(): Promise<void>
}

/** A flood of refusals is one write a second. Machine time. */
const lingerMs = 1_000

export function createCallFailures({ db, clock, log }: { db: Database; clock: Clock; log: Log }): CallFailures {
  let counted = new Map<string, CountedFailure>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  const write = async () => {
    clearTimeout(timer)
    timer = undefined
    const failures = [...counted.values()]
    counted = new Map()
    await addFailures(db, failures, clock.now()).catch((error: unknown) =>
      log.warn({ err: error }, 'refusals of the platform were not counted'),
    )
  }
  return {
    note({ corpId: corpid, appKey, path: api, errcode, outcome }) {
      if (outcome !== 'refused' || errcode === undefined) return
      const key = `${corpid} ${appKey} ${api} ${errcode}`
      counted.set(key, { corpid, appKey, api, errcode, count: (counted.get(key)?.count ?? 0) + 1 })
      timer ??= setTimeout(() => {
        writing = writing.then(write)
      }, lingerMs)
      timer.unref()
    },
    flush() {
      writing = writing.then(write)
      return writing
    },
  }
}
