import { InfoCircleOutlined } from '@ant-design/icons'
import { Button, Popover } from 'antd'
import type { components } from '#shared/api/schema.gen.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import styles from './channels.module.css'
import { words } from './words.ts'

/** A name of the page with what it counts exactly a click away. */
export function Defined({ name, definition }: { name: string; definition: components['schemas']['ReportDefinition'] }) {
  const t = useWords(words)
  const language = useLanguage()
  const said = language === 'en' ? definition.words.en : definition.words.zh
  return (
    <>
      {name}
      <Popover trigger="click" title={`${definition.id} ${name}`} content={<p className={styles.definition}>{said}</p>}>
        <Button type="text" size="small" icon={<InfoCircleOutlined />} aria-label={t('definition', { name })} />
      </Popover>
    </>
  )
}
