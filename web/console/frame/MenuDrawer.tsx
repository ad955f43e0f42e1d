import { Drawer } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import { SideMenu } from './SideMenu.tsx'
import { words } from './words.ts'

/** The menu on a phone: it covers the page and goes away with the first choice. */
export function MenuDrawer({ onClose }: { onClose: () => void }) {
  const t = useWords(words)
  return (
    <Drawer open onClose={onClose} placement="left" size={280} title={t('brand')} styles={{ body: { padding: 8 } }}>
      <SideMenu folded={false} onGo={onClose} />
    </Drawer>
  )
}
