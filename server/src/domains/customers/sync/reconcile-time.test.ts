import { expect, it } from 'vitest'
import { nextReconcileAt, reconcileAfterOutage } from './reconcile-time.ts'

it('the next reconcile is at three in the morning of the corp’s own clock', () => {
  const next = (at: string) => nextReconcileAt(new Date(at), 'Asia/Shanghai').toISOString()
  expect(next('2026-11-11T02:59:59+08:00')).toBe('2026-11-10T19:00:00.000Z')
  expect(next('2026-11-11T03:00:00+08:00')).toBe('2026-11-11T19:00:00.000Z')
  expect(next('2026-11-11T23:30:00+08:00')).toBe('2026-11-11T19:00:00.000Z')
})

it('after ten silent minutes what may have been lost is looked for at the start', () => {
  const now = new Date('2026-11-11T10:00:00Z')
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000)
  expect(reconcileAfterOutage(now, ago(1), ago(600))).toBe(false)
  expect(reconcileAfterOutage(now, ago(11), ago(600))).toBe(true)
  expect(reconcileAfterOutage(now, undefined, ago(5))).toBe(false)
})
