import { share } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import type { Fact } from '../../../components/FactList.tsx'
import type { Spec } from '../campaign.ts'
import { words } from './words.ts'

/** What a spec says of a coupon and of another channel, if it does. */
export function useChannelFacts({ coupon, elsewhere }: Spec): Fact[] {
  const t = useWords(words)
  const facts: Fact[] = []
  if (coupon !== undefined) {
    const { redeemed, claimed, batch } = coupon
    const events = t('value.coupon', { redeemed, claimed: claimed ?? '–' })
    facts.push({
      label: t('fact.coupon'),
      value: batch === null ? events : `${events} · ${t('value.batch', batch)}`,
    })
  }
  if (elsewhere !== undefined)
    facts.push({
      label: t('fact.elsewhere'),
      value: t('value.elsewhere', { name: elsewhere.name, share: share(elsewhere.permille / 1_000) }),
    })
  return facts
}
