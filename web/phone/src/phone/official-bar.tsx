import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { type MenuTap, useOfficialAct, useStanding } from '../api/weixin.ts'
import { Icon } from '../parts/icon.tsx'
import { useToast } from '../parts/toast.tsx'
import { type MenuLeaf, type MenuShown, tapOf } from '../rules/official-menu.ts'
import { words } from '../words.ts'
import { Composer } from './composer.tsx'
import { usePhone } from './context.ts'
import styles from './official.module.css'

/** The chat with the brand's Official Account. */
export const officialPeer = 'app:service'

/** Below an Official Account's chat: the menu the brand made, or the keyboard; who does not follow may only follow. */
export function OfficialBar({ onSend }: { onSend: (text: string) => void }) {
  const t = useWords(words)
  const toast = useToast()
  const { person } = usePhone()
  const standing = useStanding(person.id)
  const [writing, setWriting] = useState(false)
  const follow = useOfficialAct<object>(person.id, 'follow')
  const account = standing.data?.accounts.find((one) => one.following !== undefined)
  if (standing.isPending) return null
  if (account?.following !== true)
    return (
      <div className={styles.bar}>
        <button
          type="button"
          className={styles.follow}
          disabled={follow.isPending}
          onClick={() => follow.mutate({}, { onError: (error: Error) => toast(error.message, true) })}
        >
          {t('official.follow')}
        </button>
      </div>
    )
  const menu = account.menu ?? []
  const keyboard = writing || menu.length === 0
  return (
    <div className={styles.bar}>
      {menu.length > 0 && (
        <button
          type="button"
          className={styles.switch}
          aria-label={t(writing ? 'official.toMenu' : 'official.toKeyboard')}
          onClick={() => setWriting(!writing)}
        >
          <Icon name={writing ? 'stream' : 'chats'} />
        </button>
      )}
      {keyboard ? (
        <div className={styles.composer}>
          <Composer onSend={onSend} />
        </div>
      ) : (
        <Menu menu={menu} />
      )}
    </div>
  )
}

function Menu({ menu }: { menu: readonly MenuShown[] }) {
  const t = useWords(words)
  const toast = useToast()
  const { person, push } = usePhone()
  const [open, setOpen] = useState<string>()
  const act = useOfficialAct<MenuTap>(person.id, 'menu')

  /** WeChat tells the brand of the tap, and does by itself what the button is for. */
  function tap(leaf: MenuLeaf) {
    setOpen(undefined)
    const told = tapOf(leaf)
    if (told === undefined) return toast(t('official.notHere'), true)
    act.mutate(told, {
      onError: (error: Error) => toast(error.message, true),
      onSuccess: () => {
        if ('url' in told) push({ name: 'web', address: told.url })
        else if ('pagepath' in told) push({ name: 'shop' })
        else toast(t('official.tapped'))
      },
    })
  }
  return menu.map((button) => (
    <div key={button.name} className={styles.entry}>
      {open === button.name && (
        <div className={styles.below} role="menu" aria-label={button.name}>
          {button.below.map((leaf) => (
            <button key={leaf.name} type="button" role="menuitem" className={styles.leaf} onClick={() => tap(leaf)}>
              {leaf.name}
            </button>
          ))}
        </div>
      )}
      <button
        type="button"
        className={styles.item}
        aria-haspopup={button.below.length > 0 ? 'menu' : undefined}
        aria-expanded={button.below.length > 0 ? open === button.name : undefined}
        onClick={() =>
          button.below.length === 0 ? tap(button) : setOpen(open === button.name ? undefined : button.name)
        }
      >
        {button.below.length > 0 && <span className={styles.more} aria-hidden="true" />}
        {button.name}
      </button>
    </div>
  ))
}
