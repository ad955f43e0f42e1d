import { SettingOutlined } from '@ant-design/icons'
import { Button, Checkbox, Popover } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import styles from './ColumnPicker.module.css'
import type { Pickable } from './useVisibleColumns.ts'
import { words } from './words.ts'

export interface ColumnPickerProps<C> {
  columns: C[]
  visible: C[]
  onChange: (key: string, hidden: boolean) => void
  onReset: () => void
}

export function ColumnPicker<C extends Pickable & { title: string }>({
  columns,
  visible,
  onChange,
  onReset,
}: ColumnPickerProps<C>) {
  const t = useWords(words)
  const shown = new Set(visible.map((column) => column.key))
  const content = (
    <div className={styles.list}>
      {columns
        .filter((column) => column.fixed !== true)
        .map((column) => (
          <Checkbox
            key={column.key}
            checked={shown.has(column.key)}
            onChange={(event) => onChange(column.key, !event.target.checked)}
          >
            {column.title}
          </Checkbox>
        ))}
      <Button size="small" onClick={onReset}>
        {t('table.columns.reset')}
      </Button>
    </div>
  )
  return (
    <Popover trigger="click" placement="bottomRight" title={t('table.columns')} content={content}>
      <Button type="text" icon={<SettingOutlined />} aria-label={t('table.columns')} title={t('table.columns')} />
    </Popover>
  )
}
