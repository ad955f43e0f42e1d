import type { NewFaultInput } from '../api/types.ts'

export type FaultKind = NewFaultInput['kind']
export const callFaults = ['delay', 'errcode', 'lost_answer', 'token_revoked'] as const satisfies readonly FaultKind[]
export const callbackFaults = [
  'callback_late',
  'callback_double',
  'callback_reorder',
  'callback_lost',
  'callback_repeat',
  'undelivered',
] as const satisfies readonly FaultKind[]

export type FaultForm = {
  readonly kind: FaultKind
  /** Path of a call or name of an event; empty for all. */
  readonly target: string
  readonly delayMs: string
  readonly errcode: string
  readonly times: string
  readonly share: string
}

export const emptyFault: FaultForm = {
  kind: 'delay',
  target: '',
  delayMs: '3000',
  errcode: '45009',
  times: '1',
  share: '',
}

export function isCallbackFault(kind: FaultKind): boolean {
  return callbackFaults.some((one) => one === kind)
}

export function needsDelay(kind: FaultKind): boolean {
  return kind === 'delay' || kind === 'callback_late'
}

function numberOf(text: string): number | undefined {
  const value = Number(text)
  return text.trim() === '' || !Number.isFinite(value) ? undefined : value
}

/** What is sent to the sandbox, or the field that must be mended first. */
export function faultOf(
  form: FaultForm,
): { fault: NewFaultInput } | { wrong: 'delayMs' | 'errcode' | 'times' | 'share' } {
  const delayMs = numberOf(form.delayMs)
  const errcode = numberOf(form.errcode)
  const times = numberOf(form.times)
  const share = numberOf(form.share)
  if (needsDelay(form.kind) && (delayMs === undefined || delayMs < 0)) return { wrong: 'delayMs' }
  if (form.kind === 'errcode' && (errcode === undefined || !Number.isInteger(errcode) || errcode === 0))
    return { wrong: 'errcode' }
  if (form.times.trim() !== '' && (times === undefined || !Number.isInteger(times) || times < 1))
    return { wrong: 'times' }
  if (form.share.trim() !== '' && (share === undefined || share <= 0 || share > 100)) return { wrong: 'share' }
  const match = form.target === '' ? {} : isCallbackFault(form.kind) ? { event: form.target } : { path: form.target }
  return {
    fault: {
      kind: form.kind,
      match,
      ...(times === undefined ? {} : { times }),
      ...(share === undefined ? {} : { share: share / 100 }),
      ...(needsDelay(form.kind) && delayMs !== undefined ? { delayMs } : {}),
      ...(form.kind === 'errcode' && errcode !== undefined ? { errcode } : {}),
    },
  }
}
