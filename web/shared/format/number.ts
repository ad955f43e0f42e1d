import { currentLanguage } from '../i18n/i18n.ts'

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const oneDigit = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const twoDigits = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** 12,345 */
export function exactCount(value: number): string {
  return grouped.format(value)
}

/** 12,345; from 100,000 on 12.3 万 (English 123.5K): show the exact one on hover. */
export function shortCount(value: number): string {
  if (Math.abs(value) < 100_000) return grouped.format(value)
  if (currentLanguage() === 'zh-CN') {
    return Math.abs(value) < 1e8 ? `${oneDigit.format(value / 1e4)} 万` : `${oneDigit.format(value / 1e8)} 亿`
  }
  return Math.abs(value) < 1e6 ? `${oneDigit.format(value / 1e3)}K` : `${oneDigit.format(value / 1e6)}M`
}

/** Fen to ¥1,234.50. */
export function money(fen: number): string {
  return `${fen < 0 ? '−' : ''}¥${twoDigits.format(Math.abs(fen) / 100)}`
}

/** 0.123 to 12.3 %. */
export function share(value: number): string {
  return `${oneDigit.format(value * 100)} %`
}

/** 2,400,000 bytes to 2.3 MB. */
export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let size = value
  let at = 0
  while (size >= 1024 && at < units.length - 1) {
    size /= 1024
    at += 1
  }
  return `${at === 0 ? grouped.format(size) : oneDigit.format(size)} ${units[at]}`
}
