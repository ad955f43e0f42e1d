import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Steps } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { FileStep } from './FileStep.tsx'
import styles from './imports.module.css'
import { importsKey, isWorking, stepOf } from './imports.ts'
import { MappingStep } from './MappingStep.tsx'
import { ResultStep } from './ResultStep.tsx'
import { words } from './words.ts'

/** One import from its file to its result; its address is its own, so it can be left and come back to. */
export function ImportPage() {
  const { id } = useParams({ strict: false })
  return id === undefined ? null : <Opened id={id} />
}

export function NewImportPage() {
  const t = useWords(words)
  const navigate = useNavigate()
  return (
    <PageShape title={t('start')} purpose={t('purpose')}>
      <Panel>
        <div className={styles.wide}>
          <Progressing at={0} />
          <FileStep onRead={(made) => void navigate({ to: `/commerce/imports/${made.id}`, replace: true })} />
        </div>
      </Panel>
    </PageShape>
  )
}

function Opened({ id }: { id: string }) {
  const t = useWords(words)
  const found = useQuery({
    queryKey: [...importsKey, id],
    queryFn: () => ask(api.GET('/api/imports/{id}', { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data && isWorking(query.state.data.state) ? 700 : false),
  })
  if (found.error) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  if (!found.data) return <Loading rows={6} />
  const { data } = found
  return (
    <PageShape
      title={t('wizard.title', { kind: t(`kind.${data.kind}`), file: data.file_name })}
      purpose={t(`hint.${data.kind}`)}
    >
      <Panel>
        <div className={styles.wide}>
          <Progressing at={stepOf(data.state)} />
          {data.state === 'ready' || data.state === 'uploading' ? (
            <MappingStep key={data.id} found={data} />
          ) : (
            <ResultStep found={data} />
          )}
        </div>
      </Panel>
    </PageShape>
  )
}

function Progressing({ at }: { at: number }) {
  const t = useWords(words)
  const steps = [t('step.file'), t('step.mapping'), t('step.check'), t('step.result')]
  return <Steps size="small" current={at} items={steps.map((title) => ({ title }))} />
}
