import { useNavigate } from '@tanstack/react-router'
import { Tabs } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import { exportsPath } from './exports.ts'
import { words } from './words.ts'

const paths = { imports: '/commerce/imports', exports: exportsPath } as const

/** The two sides of 导入导出. */
export function TableTabs({ active }: { active: keyof typeof paths }) {
  const t = useWords(words)
  const navigate = useNavigate()
  return (
    <Tabs
      aria-label={t('tabs.label')}
      activeKey={active}
      onChange={(key) => void navigate({ to: key === 'exports' ? paths.exports : paths.imports })}
      items={(['imports', 'exports'] as const).map((key) => ({ key, label: t(`tab.${key}`) }))}
    />
  )
}
