import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useRef, useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../../lib/explain.ts'
import { uploadAsset } from '../../../lib/uploadAsset.ts'
import { Fault, FieldGroup } from '../../channels/Field.tsx'
import { AttachmentEditor } from '../../welcome/AttachmentEditor.tsx'
import { contentOfAsset } from '../../welcome/welcome.ts'
import type { Attachment } from '../campaign.ts'
import styles from '../campaigns.module.css'
import type { AttachmentsProps } from '../kind.ts'
import { newAttachment } from '../spec.rules.ts'
import { type Sort, sortOf, sorts } from './moment.rules.ts'
import own from './moments.module.css'
import { words } from './words.ts'

/** Pictures, or one video, or one link: the platform takes one sort in a Moment. */
export function MomentAttachments({ variant, most, faultAt, onChange }: AttachmentsProps) {
  const t = useWords(words)
  const { content } = variant
  const { attachments = [] } = content
  const [chosen, setChosen] = useState<Sort>()
  const sort = attachments.length > 0 ? sortOf(content) : (chosen ?? 'none')
  const put = (next: Attachment[]) => onChange({ content: { ...content, attachments: next } })
  const [one] = attachments
  const wrongPicture =
    sort !== 'image'
      ? undefined
      : attachments
          .map((_, at) => faultAt(`attachments.${at}`) ?? faultAt(`attachments.${at}.asset_id`))
          .find((said) => said !== undefined)
  return (
    <FieldGroup
      label={t('content.sort')}
      hint={t('sort.hint', { most })}
      fault={faultAt('attachments') ?? wrongPicture}
    >
      <div className={styles.stack}>
        <div>
          <Segmented<Sort>
            aria-label={t('content.sort')}
            value={sort}
            options={sorts.map((value) => ({ value, label: t(`sort.${value}`) }))}
            onChange={(next) => {
              setChosen(next)
              put(next === 'video' || next === 'link' ? [newAttachment(next)] : [])
            }}
          />
        </div>
        {sort === 'image' && <Pictures attachments={attachments} most={most} onChange={put} />}
        {(sort === 'video' || sort === 'link') && one !== undefined && (
          <AttachmentEditor
            value={one}
            path="attachments.0"
            below={(path) => <Fault said={faultAt(path)} />}
            covered
            onChange={(next) => put([next])}
            onRemove={() => {
              setChosen('none')
              put([])
            }}
          />
        )}
      </div>
    </FieldGroup>
  )
}

/** In the order in which customers see them. */
function Pictures({
  attachments,
  most,
  onChange,
}: {
  attachments: readonly Attachment[]
  most: number
  onChange: (next: Attachment[]) => void
}) {
  const t = useWords(words)
  const input = useRef<HTMLInputElement>(null)
  const free = most - attachments.length
  const upload = useMutation({
    mutationFn: (files: readonly File[]) => Promise.all(files.map(uploadAsset)),
    onSuccess: (assets) =>
      onChange([...attachments, ...assets.map(({ id }) => ({ kind: 'image' as const, asset_id: id }))]),
  })
  return (
    <>
      <ul className={own.pictures}>
        {attachments.map((picture, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a picture has no name but its place
          <li key={at} className={own.picture}>
            {'asset_id' in picture && picture.asset_id !== undefined && (
              <img src={contentOfAsset(picture.asset_id)} alt={t('pictures.nth', { n: at + 1 })} />
            )}
            <Button
              className={own.remove ?? ''}
              size="small"
              shape="circle"
              icon={<CloseOutlined />}
              aria-label={t('pictures.remove', { n: at + 1 })}
              onClick={() => onChange(attachments.filter((_, i) => i !== at))}
            />
          </li>
        ))}
        {free > 0 && (
          <li className={own.picture}>
            <Button
              className={own.add ?? ''}
              icon={<PlusOutlined />}
              loading={upload.isPending}
              onClick={() => input.current?.click()}
            >
              {t('pictures.more', { used: attachments.length, most })}
            </Button>
          </li>
        )}
      </ul>
      <input
        ref={input}
        hidden
        multiple
        type="file"
        accept="image/png,image/jpeg"
        aria-label={t('pictures.add')}
        onChange={({ target }) => {
          const files = [...(target.files ?? [])].slice(0, free)
          target.value = ''
          if (files.length > 0) upload.mutate(files)
        }}
      />
      {upload.error && (
        <p className={styles.bad} role="alert">
          {t('pictures.failed', { why: explain(upload.error).title })}
        </p>
      )}
    </>
  )
}
