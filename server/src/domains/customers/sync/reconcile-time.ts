import { nextTimeOfDay } from '../../../infra/zone.ts'

/** 03:00 on the corp's wall clock: after the day's last adds, before the first. */
const minuteOfDay = 3 * 60
/** A silence this long may have been an outage of ours: what the platform did not repeat is looked for. */
const silenceMs = 10 * 60_000

export function nextReconcileAt(now: Date, zone: string): Date {
  return nextTimeOfDay(now, minuteOfDay, zone)
}

/** At the start: neither a callback nor a sync for a while means that some may have been lost meanwhile. */
export function reconcileAfterOutage(now: Date, lastHeard: Date | undefined, lastDone: Date | null): boolean {
  const since = Math.max(lastHeard?.getTime() ?? 0, lastDone?.getTime() ?? 0)
  return now.getTime() - since > silenceMs
}
