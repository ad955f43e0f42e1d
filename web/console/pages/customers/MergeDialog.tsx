import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { useKindText } from './kindNames.ts'
import { ReasonButton, SideCard } from './PersonParts.tsx'
import styles from './persons.module.css'
import { words } from './persons.words.ts'
import { usePersonDecisions } from './usePersonDecisions.ts'

/** Joins two customers by hand: who they are and what would come of it is shown before anything is done. */
export function MergeDialog({ onClose }: { onClose: () => void }) {
  const t = useWords(words)
  const kindText = useKindText()
  const { merge } = usePersonDecisions()
  const [one, setOne] = useState('')
  const [other, setOther] = useState('')
  const ends = { one: Number(one), other: Number(other) }
  const isReady = [ends.one, ends.other].every((id) => Number.isSafeInteger(id) && id > 0) && ends.one !== ends.other
  const preview = useMutation({
    mutationFn: () => ask(api.POST('/api/person-merges/preview', { body: ends })),
  })
  const found = preview.data
  const type = (set: (value: string) => void) => (event: { target: { value: string } }) => {
    set(event.target.value.trim())
    preview.reset()
  }
  return (
    <Modal open width={760} title={t('merge.title')} footer={null} onCancel={onClose}>
      <div className={styles.dialog}>
        <Input
          aria-label={t('merge.one')}
          placeholder={t('merge.one')}
          inputMode="numeric"
          value={one}
          onChange={type(setOne)}
        />
        <Input
          aria-label={t('merge.other')}
          placeholder={t('merge.other')}
          inputMode="numeric"
          value={other}
          onChange={type(setOther)}
        />
        {preview.error && <ErrorState error={preview.error} />}
        {found && (
          <>
            <div className={styles.pair}>
              <SideCard side={found.one} />
              <SideCard side={found.other} />
            </div>
            <Alert
              type={found.outcome === 'joined' ? 'info' : 'warning'}
              title={t(`merge.${found.outcome}`, { kind: kindText(found.conflict ?? '') })}
            />
          </>
        )}
        <div className={styles.acts}>
          <Button disabled={!isReady} loading={preview.isPending} onClick={() => preview.mutate()}>
            {t('merge.look')}
          </Button>
          {found?.outcome === 'joined' && (
            <ReasonButton
              primary
              label={t('merge.confirm')}
              text={t('same.text')}
              onDecide={async (reason) => {
                await merge(ends.one, ends.other, reason)
                onClose()
              }}
            />
          )}
        </div>
      </div>
    </Modal>
  )
}
