import { useQuery } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FactList } from '../../components/FactList.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import styles from './governor.module.css'
import { personKey } from './governor.ts'
import { wishWords } from './wishes.words.ts'

/** The page on which customers say what they want to receive, and how many said what. */
export function PreferencesPanel() {
  const t = useWords(wishWords)
  const { message } = App.useApp()
  const { data, error, refetch } = useQuery({
    queryKey: [...personKey, 'preferences-page'],
    queryFn: () => ask(api.GET('/api/governor/preferences-page')),
  })
  const copy = async (address: string): Promise<void> => {
    await navigator.clipboard.writeText(address)
    void message.success(t('page.copied'))
  }
  return (
    <Panel
      title={t('page.title')}
      aside={data && <Button onClick={() => void copy(data.address)}>{t('page.copy')}</Button>}
    >
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} inline />}
      {!data && !error && <Loading rows={2} />}
      {data && (
        <>
          <p className={styles.quiet}>{t('page.how')}</p>
          <FactList
            facts={[
              { label: t('said.less'), value: exactCount(data.less) },
              { label: t('said.none'), value: exactCount(data.none) },
              { label: t('said.off'), value: exactCount(data.impersonal) },
            ]}
          />
        </>
      )}
    </Panel>
  )
}
