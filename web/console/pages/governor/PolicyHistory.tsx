import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Popconfirm, Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import styles from './governor.module.css'
import { type Policy, policiesKey } from './governor.ts'
import { type GovernorWords, words } from './words.ts'

interface Props {
  policy: Policy
  versions: readonly components['schemas']['TouchPolicyVersion'][]
  onDone: () => void
}

/** Every version of a policy, the way back to each, and the policy's end. */
export function PolicyHistory({ policy, versions, onDone }: Props) {
  const t = useWords(words)
  const { message } = App.useApp()
  const path = { params: { path: { id: policy.id } } }
  const act = useMutation({
    mutationFn: async ({ work }: { work: () => Promise<unknown>; said: GovernorWords }) => work(),
    onSuccess: async (_, { said }) => {
      await queryClient.invalidateQueries({ queryKey: policiesKey })
      void message.success(t(said))
      onDone()
    },
  })
  const failure = act.error && explain(act.error)
  return (
    <section className={styles.history}>
      <h3 className={styles.heading}>{t('versions.title')}</h3>
      {failure && <Alert type="error" title={failure.title} description={failure.hint} role="alert" />}
      <ol className={styles.versions}>
        {versions.map(({ version, note, by, created_at }) => (
          <li key={version} className={styles.version}>
            <span>
              <strong>{t('version.n', { version })}</strong> {note}
              <span className={styles.quiet}>
                {' '}
                {t('versions.by', { by: by ?? t('versions.house'), time: exactTime(created_at) })}
              </span>
            </span>
            {version === policy.version ? (
              <Tag color="success">{t('versions.now')}</Tag>
            ) : (
              <Button
                size="small"
                loading={act.isPending}
                onClick={() =>
                  act.mutate({
                    work: () => ask(api.POST('/api/governor/policies/{id}/return', { ...path, body: { version } })),
                    said: 'versions.returned',
                  })
                }
              >
                {t('versions.return', { version })}
              </Button>
            )}
          </li>
        ))}
      </ol>
      <Popconfirm
        title={t('close.sure')}
        okText={t('close')}
        cancelText={t('cancel')}
        onConfirm={() =>
          act.mutate({ work: () => ask(api.POST('/api/governor/policies/{id}/close', path)), said: 'close.done' })
        }
      >
        <Button danger>{t('close')}</Button>
      </Popconfirm>
    </section>
  )
}
