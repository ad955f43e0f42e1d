import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { useChats } from '../api/chats.ts'
import { type OwnPosted, useOwnMoment, useOwnSend } from '../api/own.ts'
import { useContacts } from '../api/people.ts'
import { Icon } from '../parts/icon.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { useToast } from '../parts/toast.tsx'
import { words } from '../words.ts'
import { usePhone } from './context.ts'
import styles from './own-post.module.css'
import phone from './phone.module.css'

type Kind = 'moment' | 'send'
type To = 'all' | 'some' | 'groups'

/** What the platform takes of a member: characters of a Moment, bytes of a message are checked when it goes. */
const TEXT_MOST = { moment: 2000, send: 4000 } as const

/** The way to it, in the bar above. */
export function OwnPostButton({ kind, onOpen }: { kind: Kind; onOpen: () => void }) {
  const t = useWords(words)
  return (
    <button type="button" className={phone.navButton} aria-label={t(`own.${kind}`)} onClick={onOpen}>
      <Icon name="plus" />
    </button>
  )
}

/** A member's own Moment or mass send, of his own accord: nobody of the brand asked him. */
export function OwnPost({ kind, onClose }: { kind: Kind; onClose: () => void }) {
  const t = useWords(words)
  const toast = useToast()
  const { person } = usePhone()
  const moment = useOwnMoment(person.id)
  const send = useOwnSend(person.id)
  const [text, setText] = useState('')
  const [to, setTo] = useState<To>('all')
  const [chosen, setChosen] = useState<readonly string[]>([])
  const act = kind === 'moment' ? moment : send
  const ways: readonly To[] = kind === 'moment' ? ['all', 'some'] : ['all', 'some', 'groups']
  const whom = to === 'all' ? {} : to === 'some' ? { customers: [...chosen] } : { chatIds: [...chosen] }
  const said = ({ reached }: OwnPosted) =>
    t(kind === 'moment' ? 'moments.published' : to === 'groups' ? 'own.sent.groups' : 'own.sent', { count: reached })
  return (
    <Sheet label={t(`own.${kind}`)} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          act.mutate(
            { text: text.trim(), ...whom },
            {
              onSuccess: (posted) => {
                toast(said(posted))
                onClose()
              },
              onError: (error) => toast(error.message, true),
            },
          )
        }}
      >
        <textarea
          className={styles.text}
          rows={4}
          maxLength={TEXT_MOST[kind]}
          value={text}
          aria-label={t(`own.text.${kind}`)}
          placeholder={t(`own.text.${kind}`)}
          onChange={(event) => setText(event.target.value)}
        />
        <fieldset className={styles.ways}>
          <legend>{t(`own.to.${kind}`)}</legend>
          {ways.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="to"
                checked={to === one}
                onChange={() => {
                  setTo(one)
                  setChosen([])
                }}
              />
              {t(`own.to.${one}`)}
            </label>
          ))}
        </fieldset>
        {to === 'some' && <Customers chosen={chosen} onChoose={setChosen} />}
        {to === 'groups' && <Groups chosen={chosen} onChoose={setChosen} />}
        <button
          type="submit"
          className={styles.act}
          disabled={act.isPending || text.trim() === '' || (to !== 'all' && chosen.length === 0)}
        >
          {t(kind === 'moment' ? 'moments.publish' : 'assistant.send')}
        </button>
      </form>
    </Sheet>
  )
}

interface Choosing {
  readonly chosen: readonly string[]
  readonly onChoose: (chosen: readonly string[]) => void
}

function Customers(choosing: Choosing) {
  const t = useWords(words)
  const { person } = usePhone()
  const contacts = useContacts(person.id)
  const all = (contacts.data?.pages ?? []).flatMap((page) => page.contacts)
  const options = all
    .filter(({ status }) => status !== 'deleted_by_member' && status !== 'deleted_by_both')
    .map((one) => ({ id: one.person.id, name: one.remark || one.person.name }))
  return (
    <>
      <Choice {...choosing} options={options} />
      {contacts.hasNextPage && (
        <button type="button" className={phone.moreButton} onClick={() => void contacts.fetchNextPage()}>
          {t('more')}
        </button>
      )}
    </>
  )
}

function Groups(choosing: Choosing) {
  const { person } = usePhone()
  const groups = (useChats(person.id).data ?? []).filter(({ kind }) => kind === 'group')
  return <Choice {...choosing} options={groups.map(({ peer, name }) => ({ id: peer, name }))} />
}

function Choice({
  options,
  chosen,
  onChoose,
}: Choosing & { options: readonly { readonly id: string; readonly name: string }[] }) {
  return (
    <ul className={styles.choice}>
      {options.map(({ id, name }) => (
        <li key={id}>
          <label>
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={({ target }) =>
                onChoose(target.checked ? [...chosen, id] : chosen.filter((other) => other !== id))
              }
            />
            {name}
          </label>
        </li>
      ))}
    </ul>
  )
}
