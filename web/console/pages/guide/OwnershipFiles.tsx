import { UploadOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Upload } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { Copyable } from './Copy.tsx'
import styles from './guide.module.css'
import { type Guide, refreshGuide } from './guide.ts'
import { words } from './words.ts'

/** The files by which the platform knows that a domain is the corp's; served at its root. */
export function OwnershipFiles({ guide }: { guide: Guide }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const upload = useMutation({
    mutationFn: (file: File) => {
      const form = new FormData()
      form.set('file', file)
      // the one cast: the generated type has no word for a form with a file
      return ask(api.POST('/api/guide/files', { body: form as never, bodySerializer: (body) => body as never }))
    },
    onSuccess: async () => {
      message.success(t('file.saved'))
      await refreshGuide()
    },
  })
  const remove = useMutation({
    mutationFn: (name: string) => api.DELETE('/api/guide/files/{name}', { params: { path: { name } } }),
    onSuccess: refreshGuide,
    onError: (error) => message.error(explain(error).title),
  })
  const refusal = upload.error ? explain(upload.error) : undefined
  return (
    <div className={styles.stack}>
      {guide.files.length > 0 && (
        <dl className={styles.values}>
          {guide.files.map((file) => (
            <div key={file.name} style={{ display: 'contents' }}>
              <dt>{file.name}</dt>
              <dd>
                <Copyable label={file.name} value={file.url} />
                {guide.may_write && (
                  <Button
                    size="small"
                    danger
                    aria-label={`${t('file.remove')} ${file.name}`}
                    onClick={() => remove.mutate(file.name)}
                  >
                    {t('file.remove')}
                  </Button>
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {refusal && <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />}
      {guide.may_write && (
        <Upload
          accept=".txt,text/plain"
          showUploadList={false}
          beforeUpload={(file) => {
            upload.mutate(file)
            return false
          }}
        >
          <Button icon={<UploadOutlined />} loading={upload.isPending}>
            {t('file.upload')}
          </Button>
        </Upload>
      )}
    </div>
  )
}
