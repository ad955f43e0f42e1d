import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { useDelete } from '../api/chats.ts'
import { CellAct } from '../parts/cells.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { useToast } from '../parts/toast.tsx'
import { words } from '../words.ts'
import { usePhone } from './context.ts'

/** The red act with its confirmation; afterwards the phone is back at its tabs. */
export function DeleteContact({ peer, name }: { peer: string; name: string }) {
  const t = useWords(words)
  const toast = useToast()
  const { person, home } = usePhone()
  const remove = useDelete(person)
  const [asking, setAsking] = useState(false)
  return (
    <>
      <CellAct bad label={t(`delete.${person.role}`)} onClick={() => setAsking(true)} />
      {asking && (
        <Confirm
          text={t(`delete.confirm.${person.role}`, { name })}
          act={t(`delete.${person.role}`)}
          cancel={t('cancel')}
          onCancel={() => setAsking(false)}
          onAct={() =>
            remove.mutate(
              { peer },
              {
                onSuccess: home,
                onError: (error) => {
                  setAsking(false)
                  toast(error.message, true)
                },
              },
            )
          }
        />
      )}
    </>
  )
}
