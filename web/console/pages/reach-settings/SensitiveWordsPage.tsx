import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Input, Skeleton, Space, Tag } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import { Field } from '../channels/Field.tsx'
import styles from './settings.module.css'
import { type OwnWord, readWords, writeWords } from './words.rules.ts'
import { words } from './words.ts'

const key = ['reach', 'forbidden-words']

/** 敏感词: what no mass send may say. */
export function SensitiveWordsPage() {
  const t = useWords(words)
  const query = useQuery({ queryKey: key, queryFn: () => ask(api.GET('/api/reach/forbidden-words')) })
  const failure = query.error && explain(query.error)
  return (
    <PageShape title={t('words.title')} purpose={t('words.purpose')}>
      <Panel>
        {failure && <Alert type="error" showIcon role="alert" title={failure.title} description={failure.hint} />}
        {query.isPending && <Skeleton active />}
        {query.data && <OwnWords key={JSON.stringify(query.data.items)} standing={query.data.items} />}
      </Panel>
      {query.data && (
        <Panel title={t('words.shipped')}>
          <p className={styles.note}>{t('words.shipped.how')}</p>
          <Space wrap size={[4, 8]}>
            {query.data.shipped.map((word) => (
              <Tag key={word}>{word}</Tag>
            ))}
          </Space>
        </Panel>
      )}
    </PageShape>
  )
}

function OwnWords({ standing }: { standing: readonly OwnWord[] }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const mayWrite = useMay('campaigns.approve')
  const [text, setText] = useState(() => writeWords(standing))
  const save = useMutation({
    mutationFn: () =>
      ask(api.PUT('/api/reach/forbidden-words', { body: { items: readWords(text), before: [...standing] } })),
    onSuccess: (saved) => {
      void message.success(t('words.saved', { count: saved.items.length }))
      queryClient.setQueryData(key, saved)
    },
  })
  const failure = save.error && explain(save.error)
  return (
    <div className={styles.form}>
      <Field label={t('words.own')} hint={t('words.own.how')}>
        <Input.TextArea
          value={text}
          autoSize={{ minRows: 6, maxRows: 20 }}
          disabled={!mayWrite}
          onChange={({ target }) => setText(target.value)}
        />
      </Field>
      {failure && <Alert type="error" showIcon role="alert" title={failure.title} description={failure.hint} />}
      {mayWrite && (
        <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
          {t('save')}
        </Button>
      )}
    </div>
  )
}
