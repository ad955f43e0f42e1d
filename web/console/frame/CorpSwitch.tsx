import { DownOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../lib/explain.ts'
import { queryClient } from '../lib/queryClient.ts'
import { useSession } from '../lib/session.ts'
import { PopMenu } from './PopMenu.tsx'
import styles from './TopBar.module.css'
import { words } from './words.ts'

/** The brand that this session works in; a choice only for those who may work in several. */
export function CorpSwitch() {
  const t = useWords(words)
  const { corp, corps } = useSession()
  const { message } = App.useApp()
  if (corps.length < 2) {
    return (
      <span className={styles.corp} title={corp.name}>
        {corp.name}
      </span>
    )
  }

  async function choose(id: string): Promise<void> {
    try {
      await ask(api.POST('/api/auth/corp', { body: { corp: id } }))
    } catch (error) {
      message.error(t('corp.failed', { why: explain(error).title }))
      return
    }
    // Nothing on the screen belongs to the other brand.
    await queryClient.resetQueries()
  }

  return (
    <PopMenu
      label={t('corp.label')}
      sections={[
        {
          key: 'corps',
          items: corps.map((one) => ({
            key: one.id,
            label: one.name,
            chosen: one.id === corp.id,
            onSelect: () => void choose(one.id),
          })),
        },
      ]}
    >
      <Button type="text" className={styles.corp} title={t('corp.switch')}>
        {corp.name} <DownOutlined aria-hidden="true" />
      </Button>
    </PopMenu>
  )
}
