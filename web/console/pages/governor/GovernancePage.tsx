import { Button, Tabs } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import { PageShape } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { LookUp } from './LookUp.tsx'
import { PoliciesPanel } from './PoliciesPanel.tsx'
import { PreferencesPanel } from './PreferencesPanel.tsx'
import { PreviewPanel } from './PreviewPanel.tsx'
import { words } from './words.ts'

/** 触达治理: the policies and what they come to, and one customer's touches with why. */
export function GovernancePage() {
  const t = useWords(words)
  const mayWrite = useMay('governor.write')
  const [url, changeUrl] = useUrl()
  const person = url['tab'] === 'person'
  return (
    <PageShape
      title={t('title')}
      purpose={t('purpose')}
      action={
        mayWrite &&
        !person && (
          <Button type="primary" onClick={() => changeUrl({ open: 'new' }, { push: true })}>
            {t('create')}
          </Button>
        )
      }
    >
      <Tabs
        activeKey={person ? 'person' : 'policies'}
        onChange={(key) => changeUrl({ tab: key === 'person' ? key : undefined, open: undefined })}
        items={(['policies', 'person'] as const).map((key) => ({ key, label: t(`tab.${key}`) }))}
      />
      {person ? (
        <LookUp />
      ) : (
        <>
          <PoliciesPanel />
          <PreviewPanel />
          <PreferencesPanel />
        </>
      )}
    </PageShape>
  )
}
