import { PlusOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { useMay } from '../../lib/session.ts'
import { Fault, FieldGroup } from '../channels/Field.tsx'
import { AttachmentEditor } from '../welcome/AttachmentEditor.tsx'
import { attachmentKinds } from '../welcome/welcome.ts'
import { words as welcomeWords } from '../welcome/words.ts'
import type { Variant } from './campaign.ts'
import styles from './campaigns.module.css'
import { type AttachmentsProps, useKindWords } from './kind.ts'
import { ProductDialog } from './products/ProductDialog.tsx'
import { words as productWords } from './products/words.ts'
import { newAttachment } from './spec.rules.ts'
import { words } from './wizard.words.ts'

/** What goes out beside the text of a message, each as a message of its own. */
export function Attachments({ variant, most, faultAt, onChange }: AttachmentsProps) {
  const t = useKindWords(words)
  const tWelcome = useKindWords(welcomeWords)
  const tProducts = useWords(productWords)
  const mayRead = useMay('products.read')
  const [choosing, setChoosing] = useState(false)
  const { attachments } = variant.content
  const put = (next: Variant['content']['attachments']) =>
    onChange({ content: { ...variant.content, attachments: next } })
  return (
    <FieldGroup label={t('content.attachments', { used: attachments.length, most })} fault={faultAt('attachments')}>
      <div className={styles.stack}>
        {attachments.map((attachment, at) => (
          <AttachmentEditor
            // biome-ignore lint/suspicious/noArrayIndexKey: an attachment has no name but its place
            key={at}
            value={attachment}
            path={`attachments.${at}`}
            below={(path) => <Fault said={faultAt(path)} />}
            onChange={(next) => put(attachments.map((one, i) => (i === at ? next : one)))}
            onRemove={() => put(attachments.filter((_, i) => i !== at))}
          />
        ))}
        <div className={styles.acts}>
          <Dropdown
            trigger={['click']}
            disabled={attachments.length >= most}
            menu={{
              items: attachmentKinds.map((kind) => ({ key: kind, label: tWelcome(`attachment.${kind}`) })),
              onClick: ({ key }) => {
                const kind = attachmentKinds.find((one) => one === key)
                if (kind) put([...attachments, newAttachment(kind)])
              },
            }}
          >
            <Button icon={<PlusOutlined />}>{tWelcome('attachment.add')}</Button>
          </Dropdown>
          {mayRead && (
            <Button disabled={attachments.length >= most} onClick={() => setChoosing(true)}>
              {tProducts('open')}
            </Button>
          )}
        </div>
        {choosing && (
          <ProductDialog
            onClose={() => setChoosing(false)}
            onDone={(card) => {
              setChoosing(false)
              put([...attachments, card])
            }}
          />
        )}
      </div>
    </FieldGroup>
  )
}
