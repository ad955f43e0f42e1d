import { exactCount } from '#shared/format/number.ts'
import type { Say } from '#shared/i18n/words.ts'
import type { MomentWords } from './words.ts'

/** How long marking takes, in the reader's words. */
export function minutesText(t: Say<MomentWords>, minutes: number): string {
  if (minutes === 0) return t('cost.none')
  if (minutes < 60) return t('cost.minutes', { count: minutes })
  return t('cost.hours', { hours: exactCount(Math.floor(minutes / 60)), minutes: minutes % 60 })
}
