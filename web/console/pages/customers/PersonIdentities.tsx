import { useQuery } from '@tanstack/react-query'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { identitiesOf } from './identitiesOf.ts'
import { Because, IdentityList, ReasonButton } from './PersonParts.tsx'
import styles from './persons.module.css'
import { words } from './persons.words.ts'
import { usePersonDecisions } from './usePersonDecisions.ts'

/** On a customer's page: what he is known by, what joined to him and why, and its undoing. */
export function PersonIdentities({ id }: { id: number }) {
  const t = useWords(words)
  const mayMerge = useMay('customers.merge')
  const { undo, part } = usePersonDecisions()
  const { data, error, refetch } = useQuery(identitiesOf(id))
  return (
    <Panel title={t('identities.title')}>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={3} />}
      {data && (
        <div className={styles.list}>
          <IdentityList
            identities={data.identities}
            {...(mayMerge ? { onPart: (home: number, reason: string) => part(data.person_id, home, reason) } : {})}
          />
          {data.merges.length > 0 && <h3 className={styles.who}>{t('identities.merges')}</h3>}
          {data.merges.map((merge) => (
            <div key={merge.id} className={styles.side}>
              <span>{t(merge.kind)}</span>
              <IdentityList identities={merge.part.identities} />
              <Because merge={merge} />
              {mayMerge && merge.may_undo && (
                <div>
                  <ReasonButton
                    danger
                    label={t('decide.undo')}
                    text={t('undo.text')}
                    onDecide={(reason) => undo(merge.id, reason)}
                  />
                </div>
              )}
            </div>
          ))}
        </div>
      )}
    </Panel>
  )
}
