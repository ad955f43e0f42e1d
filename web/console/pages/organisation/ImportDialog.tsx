import { UploadOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Modal, Upload } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { ImportJob } from './ImportJob.tsx'
import styles from './organisation.module.css'
import { words } from './words.ts'

/** Three steps: choose a table, see what it would change, import it. It goes on when this is closed. */
export function ImportDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useWords(words)
  return (
    <Modal open={open} title={t('import.title')} footer={null} width={640} onCancel={onClose} destroyOnHidden>
      <ImportSteps onClose={onClose} />
    </Modal>
  )
}

function ImportSteps({ onClose }: { onClose: () => void }) {
  const t = useWords(words)
  const [file, setFile] = useState<File>()
  const [run, setRun] = useState<{ id: string; dry: boolean }>()
  const begin = useMutation({
    mutationFn: async (dry: boolean) => {
      const form = new FormData()
      if (file) form.set('file', file)
      const begun = await ask(
        api.POST('/api/stores/import', {
          params: { query: { dry_run: dry ? 'true' : 'false' } },
          // the one cast: the generated type has no word for a form with a file
          body: form as never,
          bodySerializer: (body) => body as never,
        }),
      )
      return { id: begun.operation_id, dry }
    },
    onSuccess: setRun,
  })
  const refusal = begin.error ? explain(begin.error) : undefined
  const again = () => {
    setFile(undefined)
    setRun(undefined)
    begin.reset()
  }
  if (run !== undefined)
    return (
      <ImportJob
        key={run.id}
        id={run.id}
        dry={run.dry}
        starting={begin.isPending}
        onImport={() => begin.mutate(false)}
        onAgain={again}
        onDone={() => {
          onClose()
          void queryClient.invalidateQueries({ queryKey: ['stores'] })
        }}
      />
    )
  return (
    <div className={styles.form}>
      <p className={styles.hint}>{t('import.text')}</p>
      <div>
        <a href="/api/stores/import/template">{t('import.template')}</a>
      </div>
      <Upload
        accept=".csv,text/csv"
        maxCount={1}
        fileList={file === undefined ? [] : [{ uid: '1', name: file.name }]}
        onRemove={again}
        beforeUpload={(chosen) => {
          setFile(chosen)
          begin.reset()
          return false
        }}
      >
        <Button icon={<UploadOutlined />}>{t('import.choose')}</Button>
      </Upload>
      {refusal && <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />}
      <div>
        <Button
          type="primary"
          disabled={file === undefined}
          loading={begin.isPending}
          onClick={() => begin.mutate(true)}
        >
          {t('import.dry')}
        </Button>
      </div>
    </div>
  )
}
