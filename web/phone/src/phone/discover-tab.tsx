import { useWords } from '#shared/i18n/words.ts'
import { useAccounts } from '../api/weixin.ts'
import { Cell, Cells } from '../parts/cells.tsx'
import { Icon } from '../parts/icon.tsx'
import { words } from '../words.ts'
import { usePhone } from './context.ts'
import { NavBar } from './nav-bar.tsx'
import styles from './phone.module.css'

export function DiscoverTab() {
  const t = useWords(words)
  const { push } = usePhone()
  const shop = useAccounts().data?.find((one) => one.kind === 'miniprogram')
  return (
    <>
      <NavBar title={t('tabs.discover')} />
      <div className={styles.scroll}>
        <Cells>
          <Cell
            label={t('moments.title')}
            icon={
              <span className={styles.iconGreen}>
                <Icon name="aperture" />
              </span>
            }
            onClick={() => push({ name: 'moments' })}
          />
        </Cells>
        <Cells>
          <Cell
            label={t('scan.title')}
            icon={
              <span className={styles.iconBlue}>
                <Icon name="scan" />
              </span>
            }
            onClick={() => push({ name: 'scan' })}
          />
        </Cells>
        <Cells>
          <Cell
            label={t('discover.shop')}
            value={shop?.name}
            icon={
              <span className={styles.iconViolet}>
                <Icon name="mini" />
              </span>
            }
            onClick={() => push({ name: 'shop' })}
          />
        </Cells>
        <p className={styles.note}>{t('discover.note')}</p>
      </div>
    </>
  )
}
