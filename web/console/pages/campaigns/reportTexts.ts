import { exactCount, money, share } from '#shared/format/number.ts'
import type { Say } from '#shared/i18n/words.ts'
import type { ReportFigure } from './campaign.ts'
import type { ReportWords } from './report.words.ts'

/** A figure as it is read, by its unit. */
export function figureText(t: Say<ReportWords>, { unit, value }: Pick<ReportFigure, 'unit' | 'value'>): string {
  if (value === null) return '–'
  switch (unit) {
    case 'persons':
      return exactCount(value)
    case 'share':
      return share(value)
    case 'per_mille':
      return t('permille', { value: value.toFixed(1) })
    case 'fen':
      return money(value)
    case 'times':
      return t(value === 1 ? 'times.one' : 'times', { value: exactCount(value) })
  }
}

/** With its sign, which of a difference is half of what it says. */
export const signed = (value: number, digits: number) =>
  `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toFixed(digits)}`

/** A difference as it is read: points of a share, per mille, or money. */
export function differenceText(t: Say<ReportWords>, unit: 'share' | 'per_mille' | 'fen', value: number): string {
  if (unit === 'share') return t('points', { value: signed(value * 100, 2) })
  if (unit === 'per_mille') return t('permille', { value: signed(value, 1) })
  return signedMoney(value)
}

export const signedMoney = (fen: number) => `${fen > 0 ? '+' : ''}${money(Math.round(fen))}`
