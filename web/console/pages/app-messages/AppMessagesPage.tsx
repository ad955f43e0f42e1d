import { Tabs } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import { PageShape } from '../../components/PageShape.tsx'
import { useUrl } from '../../lib/useUrl.ts'
import { MessageList } from './MessageList.tsx'
import { WordsPanel } from './WordsPanel.tsx'
import { words } from './words.ts'

/** 员工消息: what members were told through the app, and how each kind of message reads. */
export function AppMessagesPage() {
  const t = useWords(words)
  const [url, changeUrl] = useUrl()
  const active = url['tab'] === 'words' ? 'words' : 'messages'
  return (
    <PageShape title={t('title')} purpose={t('purpose')}>
      <Tabs
        activeKey={active}
        onChange={(key) => changeUrl({ tab: key === 'words' ? key : undefined })}
        items={(['messages', 'words'] as const).map((key) => ({ key, label: t(`tab.${key}`) }))}
      />
      {active === 'words' ? <WordsPanel /> : <MessageList />}
    </PageShape>
  )
}
