import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input, Typography } from 'antd'
import { useEffect, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import styles from './audit.module.css'
import { words } from './words.ts'

interface Anchor {
  seq: number
  hash: string
}

/** Checks the chain at once when it opens, and against a noted end when somebody has one. */
export function ChainCheck({ chain, onClose }: { chain: 'installation' | undefined; onClose: () => void }) {
  const t = useWords(words)
  const check = useMutation({
    mutationFn: (anchor: Anchor | undefined) =>
      ask(api.GET('/api/audit/verify', { params: { query: { chain, ...anchor } } })),
  })
  const { mutate } = check
  useEffect(() => mutate(undefined), [mutate])
  const report = check.data
  if (check.error) return <ErrorState error={check.error} onRetry={() => mutate(undefined)} inline />
  if (report === undefined) return <Alert type="info" showIcon title={t('verify.running')} />
  const { fault } = report
  return (
    <Alert
      type={report.ok ? 'success' : 'error'}
      showIcon
      role="status"
      closable={{ onClose }}
      title={
        fault === null ? t('verify.ok', { count: report.checked }) : t(`verify.fault.${fault.kind}`, { seq: fault.seq })
      }
      description={
        <>
          <p className={styles.line}>{fault === null ? t('verify.note') : t('verify.todo')}</p>
          {fault === null && report.end.seq > 0 && (
            <p className={styles.line}>
              {t('verify.end', { seq: report.end.seq })}{' '}
              <Typography.Text code copyable={{ text: `${report.end.seq} ${report.end.hash}` }}>
                {report.end.hash}
              </Typography.Text>
            </p>
          )}
          <AnchorForm busy={check.isPending} onCheck={mutate} />
        </>
      }
    />
  )
}

function AnchorForm({ busy, onCheck }: { busy: boolean; onCheck: (anchor: Anchor) => void }) {
  const t = useWords(words)
  const [seq, setSeq] = useState('')
  const [hash, setHash] = useState('')
  const fits = /^[1-9]\d{0,15}$/.test(seq) && /^[0-9a-f]{64}$/i.test(hash.trim())
  return (
    <form
      className={styles.anchor}
      onSubmit={(event) => {
        event.preventDefault()
        if (fits) onCheck({ seq: Number(seq), hash: hash.trim().toLowerCase() })
      }}
    >
      <Input
        className={styles.seq}
        aria-label={t('verify.seq')}
        placeholder={t('verify.seq')}
        inputMode="numeric"
        value={seq}
        onChange={(event) => setSeq(event.target.value)}
      />
      <Input
        className={styles.hash}
        aria-label={t('verify.hash')}
        placeholder={t('verify.hash')}
        value={hash}
        onChange={(event) => setHash(event.target.value)}
      />
      <Button htmlType="submit" disabled={!fits} loading={busy}>
        {t('verify.anchor')}
      </Button>
    </form>
  )
}
