import { UploadOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Progress, Segmented, Upload } from 'antd'
import { useState } from 'react'
import { share } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import styles from './imports.module.css'
import { type Import, type ImportKind, kinds, sendFile } from './imports.ts'
import { words } from './words.ts'

/** What is imported, and the file; it is sent in parts and read at once. */
export function FileStep({ onRead }: { onRead: (made: Import) => void }) {
  const t = useWords(words)
  const [kind, setKind] = useState<ImportKind>('customers')
  const [file, setFile] = useState<File>()
  const [sent, setSent] = useState(0)
  const send = useMutation({
    mutationFn: (chosen: File) => sendFile(kind, chosen, setSent),
    onSuccess: onRead,
    onError: () => setSent(0),
  })
  const refusal = send.error ? explain(send.error) : undefined
  return (
    <div className={styles.form}>
      <div className={styles.field}>
        <span id="import-kind">{t('kind')}</span>
        <div className={styles.scroll}>
          <Segmented
            aria-labelledby="import-kind"
            value={kind}
            onChange={setKind}
            options={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
          />
        </div>
        <p className={styles.hint}>{t(`hint.${kind}`)}</p>
      </div>
      <div className={styles.field}>
        <Upload
          accept=".csv,.txt,.tsv,.xlsx"
          maxCount={1}
          fileList={file === undefined ? [] : [{ uid: '1', name: file.name }]}
          onRemove={() => setFile(undefined)}
          beforeUpload={(chosen) => {
            setFile(chosen)
            send.reset()
            return false
          }}
        >
          <Button icon={<UploadOutlined />}>{t('choose')}</Button>
        </Upload>
        <p className={styles.hint}>{t('choose.hint')}</p>
      </div>
      {send.isPending && (
        <Progress percent={Math.round(sent * 100)} aria-label={t('uploading', { share: share(sent) })} />
      )}
      {refusal && <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />}
      <div>
        <Button
          type="primary"
          disabled={file === undefined}
          loading={send.isPending}
          onClick={() => file && send.mutate(file)}
        >
          {t('upload')}
        </Button>
      </div>
    </div>
  )
}
