import { Link } from '@tanstack/react-router'
import { useWords } from '#shared/i18n/words.ts'
import { Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { CustomerQuota } from './QuotaFacts.tsx'
import { quotaWords } from './quota.words.ts'

/** On a customer's page: what he may still get, and the way to all that reached him. */
export function CustomerTouches({ id }: { id: number }) {
  const t = useWords(quotaWords)
  const mayLook = useMay('governor.read')
  return (
    <Panel
      title={t('card')}
      aside={
        mayLook && (
          <Link to="/engagement/governance" search={{ tab: 'person', customer: String(id) }}>
            {t('card.more')}
          </Link>
        )
      }
    >
      <CustomerQuota id={id} />
    </Panel>
  )
}
