import { maskName } from '../../../infra/auth/mask.ts'
import type { Said } from '../../../infra/errors.ts'
import { type Change, markOf } from '../../audiences/index.ts'
import type { FieldBounds, FieldKind, FieldValue } from './field.schema.ts'

export interface Field {
  readonly id: string
  readonly name: string
  readonly kind: FieldKind
  readonly personal: boolean
  readonly choices: readonly { readonly value: string; readonly archived: boolean }[]
  readonly bounds: FieldBounds
  readonly archivedAt: Date | null
}

type Checked = { readonly value: FieldValue } | { readonly fault: Said }

const fault = (zh: string, en: string): Checked => ({ fault: { zh, en } })

/** A value as it is kept, or why it cannot be one of this field. `before` may keep a choice that was archived since. */
export function checkValue(field: Field, given: FieldValue, before?: FieldValue | null): Checked {
  switch (field.kind) {
    case 'text':
      return typeof given === 'string' ? checkText(field, given) : fault('需要文字', 'a text is needed')
    case 'number':
      return typeof given === 'number' ? checkNumber(field, given) : fault('需要数字', 'a number is needed')
    case 'date':
      return typeof given === 'string' && isDate(given)
        ? { value: given }
        : fault('需要日期，例如 1990-08-15', 'a date is needed, such as 1990-08-15')
    case 'choice':
      return typeof given === 'string'
        ? checkChoices(field, [given], before)
        : fault('需要一个选项', 'one choice is needed')
    case 'choices':
      return Array.isArray(given) && given.length > 0
        ? checkChoices(field, given, before)
        : fault('至少选一项', 'choose at least one')
  }
}

function checkText({ bounds }: Field, given: string): Checked {
  const text = given.trim()
  const most = bounds.most ?? 200
  if (text === '') return fault('不能是空白', 'it is blank')
  const long = [...text].length
  return long > most
    ? fault(`有 ${long} 个字，最多 ${most} 个`, `${long} characters, at most ${most}`)
    : { value: text }
}

function checkNumber({ bounds: { least, greatest, decimals = 0 } }: Field, given: number): Checked {
  if (!Number.isFinite(given)) return fault('需要数字', 'a number is needed')
  if (Math.abs(Math.round(given * 10 ** decimals) - given * 10 ** decimals) > 1e-6)
    return decimals === 0
      ? fault('需要整数', 'a whole number is needed')
      : fault(`最多 ${decimals} 位小数`, `at most ${decimals} decimals`)
  if (least !== undefined && given < least) return fault(`不能小于 ${least}`, `at least ${least}`)
  if (greatest !== undefined && given > greatest) return fault(`不能大于 ${greatest}`, `at most ${greatest}`)
  if (Math.abs(given) > 2_000_000_000) return fault('数字太大', 'the number is too large')
  return { value: given }
}

function checkChoices({ kind, choices }: Field, given: readonly string[], before?: FieldValue | null): Checked {
  const kept = new Set([before ?? []].flat())
  const open = choices.filter((one) => !one.archived || kept.has(one.value)).map((one) => one.value)
  const wrong = given.find((value) => !open.includes(value))
  if (wrong !== undefined)
    return fault(
      `没有选项“${wrong}”，可选：${open.join('、')}`,
      `there is no choice “${wrong}”; there are: ${open.join(', ')}`,
    )
  const chosen = open.filter((value) => given.includes(value))
  return kind === 'choice' ? { value: chosen[0] ?? '' } : { value: chosen }
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return (
    !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) && text >= '1900-01-01' && text <= '2199-12-31'
  )
}

/** What a field of the right shape may still not be. */
export function fieldFaults({ kind, choices, bounds }: Pick<Field, 'kind' | 'choices' | 'bounds'>): readonly Said[] {
  const faults: Said[] = []
  const chosen = kind === 'choice' || kind === 'choices'
  if (chosen && choices.every((one) => one.archived))
    faults.push({ zh: '至少要有一个可用的选项', en: 'At least one choice that can be used is needed' })
  if (!chosen && choices.length > 0) faults.push({ zh: '只有选项字段才有选项', en: 'Only choice fields have choices' })
  if (new Set(choices.map((one) => one.value)).size < choices.length)
    faults.push({ zh: '选项重复了', en: 'Two choices are the same' })
  const { least, greatest } = bounds
  if (least !== undefined && greatest !== undefined && least > greatest)
    faults.push({ zh: '最小值大于最大值', en: 'The least is above the greatest' })
  return faults
}

/** Choices that people may have do not go: what is left out of the new list stays, archived. */
export function keptChoices(before: Field['choices'], after: Field['choices']): Field['choices'] {
  const named = new Set(after.map((one) => one.value))
  return [...after, ...before.filter((one) => !named.has(one.value)).map(({ value }) => ({ value, archived: true }))]
}

/** A personal value as those see it who may not. */
export function maskedValue(value: FieldValue): FieldValue {
  return typeof value === 'string' && !/^\d{4}-\d\d-\d\d$/.test(value) ? maskName(value) : '****'
}

/**
 * What audiences are told of a value, or of its absence. Of personal data only that it is known.
 */
export function fieldChanges(customerId: number, field: Field, value: FieldValue | null): readonly Change[] {
  const { id, kind, personal } = field
  if (kind === 'number' && !personal)
    return [{ customerId, kind: 'number', field: id, value: typeof value === 'number' ? value : null }]
  if (kind === 'date' && !personal) {
    const day = typeof value === 'string' ? Math.round(Date.parse(`${value}T00:00:00Z`) / 86_400_000) : null
    return [{ customerId, kind: 'number', field: id, value: day, whole: true }]
  }
  const known: Change = { customerId, kind: 'mark', key: markOf.known(id), present: value !== null }
  if (personal || kind === 'text') return [known]
  const has = new Set([value ?? []].flat())
  return [
    known,
    ...field.choices.map(
      (one): Change => ({
        ...{ customerId, kind: 'mark', key: markOf.choice(id, one.value) },
        present: has.has(one.value),
      }),
    ),
  ]
}
