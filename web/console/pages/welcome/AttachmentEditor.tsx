import { DeleteOutlined, UploadOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { type ReactNode, useId, useRef } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { uploadAsset } from '../../lib/uploadAsset.ts'
import styles from './welcome.module.css'
import type { Attachment } from './welcome.ts'
import { words } from './words.ts'

const accepts = {
  image: 'image/png,image/jpeg',
  miniprogram: 'image/png,image/jpeg',
  video: 'video/mp4',
  file: 'application/pdf',
} as const

interface AttachmentProps {
  value: Attachment
  path: string
  /** What stands below the field of that path: what is wrong with it. */
  below: (path: string) => ReactNode
  onChange: (value: Attachment) => void
  onRemove: () => void
  /** A link has a cover in the place of a description, as in Moments. */
  covered?: boolean
}

/** One attachment of a welcome: it goes out as a message of its own. */
export function AttachmentEditor({ value, path, below, onChange, onRemove, covered = false }: AttachmentProps) {
  const t = useWords(words)
  return (
    <div className={styles.attachment}>
      <div className={styles.bandHead}>
        <strong>{t(`attachment.${value.kind}`)}</strong>
        <Button
          type="text"
          size="small"
          icon={<DeleteOutlined />}
          aria-label={t('attachment.remove')}
          onClick={onRemove}
        />
      </div>
      {value.kind === 'link' && (
        <>
          <Line
            label={t('link.title')}
            value={value.title}
            path={`${path}.title`}
            below={below}
            onChange={(title) => onChange({ ...value, title })}
          />
          <Line
            label={t('link.url')}
            value={value.url}
            path={`${path}.url`}
            below={below}
            onChange={(url) => onChange({ ...value, url })}
          />
          {covered ? (
            <>
              <AssetField
                kind="miniprogram"
                assetId={value.asset_id ?? ''}
                onChange={(asset_id) => onChange({ ...value, asset_id })}
              />
              {below(`${path}.asset_id`)}
            </>
          ) : (
            <Line
              label={t('link.desc')}
              value={value.desc ?? ''}
              path={`${path}.desc`}
              below={below}
              onChange={(desc) => onChange({ ...value, desc })}
            />
          )}
        </>
      )}
      {value.kind === 'miniprogram' && (
        <>
          <Line
            label={t('mini.title')}
            value={value.title}
            path={`${path}.title`}
            below={below}
            onChange={(title) => onChange({ ...value, title })}
          />
          <Line
            label={t('mini.appid')}
            value={value.appid}
            path={`${path}.appid`}
            below={below}
            onChange={(appid) => onChange({ ...value, appid })}
          />
          <Line
            label={t('mini.page')}
            value={value.page}
            path={`${path}.page`}
            below={below}
            onChange={(page) => onChange({ ...value, page })}
          />
        </>
      )}
      {value.kind !== 'link' && (
        <>
          <AssetField
            kind={value.kind}
            assetId={value.asset_id}
            onChange={(assetId) => onChange({ ...value, asset_id: assetId })}
          />
          {below(`${path}.asset_id`)}
        </>
      )}
      {below(path)}
    </div>
  )
}

function Line({
  label,
  value,
  path,
  below,
  onChange,
}: {
  label: string
  value: string
  path: string
  below: (path: string) => ReactNode
  onChange: (value: string) => void
}) {
  const id = useId()
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <Input id={id} value={value} onChange={(event) => onChange(event.target.value)} />
      {below(path)}
    </div>
  )
}

function AssetField({
  kind,
  assetId,
  onChange,
}: {
  kind: keyof typeof accepts
  assetId: string
  onChange: (assetId: string) => void
}) {
  const t = useWords(words)
  const input = useRef<HTMLInputElement>(null)
  const upload = useMutation({
    mutationFn: uploadAsset,
    onSuccess: (asset) => onChange(asset.id),
  })
  return (
    <div className={styles.row}>
      <input
        ref={input}
        hidden
        type="file"
        aria-label={t('attachment.choose')}
        accept={accepts[kind]}
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file) upload.mutate(file)
        }}
      />
      <Button icon={<UploadOutlined />} loading={upload.isPending} onClick={() => input.current?.click()}>
        {kind === 'miniprogram' ? t('mini.cover') : t('attachment.choose')}
      </Button>
      <span className={upload.error ? styles.fault : styles.hint} role="status">
        {upload.isPending && t('attachment.uploading')}
        {upload.error && explain(upload.error).title}
        {upload.data &&
          (upload.data.at_platform
            ? t('attachment.ready')
            : t('attachment.notready', { reason: upload.data.upload_error ?? '' }))}
        {!upload.data && !upload.isPending && !upload.error && assetId !== '' && t('attachment.ready')}
      </span>
    </div>
  )
}
