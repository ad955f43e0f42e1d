import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import type { components } from '#shared/api/schema.gen.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { Face } from './Face.tsx'
import { useKindText } from './kindNames.ts'
import styles from './persons.module.css'
import { type PersonWords, words } from './persons.words.ts'

export type Side = components['schemas']['PersonSide']
export type Merge = components['schemas']['PersonMerge']
type Identity = components['schemas']['PersonIdentity']

const sources = ['wecom', 'person', 'order', 'event', 'import', 'oa', 'mini_program'] as const

export function sourceText(source: string, t: Say<PersonWords>): string {
  const known = sources.find((one) => one === source)
  return known === undefined ? source : t(`source.${known}`)
}

/** What a person is known by, one a line; `onPart`: each that stands apart from the rest can be taken off him. */
export function IdentityList({
  identities,
  onPart,
}: {
  identities: readonly Identity[]
  onPart?: (home: number, reason: string) => Promise<void>
}) {
  const t = useWords(words)
  const kindText = useKindText()
  if (identities.length === 0) return <p className={styles.quiet}>{t('identities.none')}</p>
  return (
    <ul className={styles.ids}>
      {identities.map(({ home_id, kind, value, seen_at, may_part }) => (
        <li key={`${home_id} ${kind} ${value}`}>
          <span className={styles.quiet}>{kindText(kind)}</span>{' '}
          {value === '' ? t('fingerprint') : <code>{value}</code>}{' '}
          <span className={styles.quiet}>
            <Ago at={seen_at} />
          </span>
          {may_part && onPart !== undefined && (
            <ReasonButton
              small
              label={t('decide.part')}
              text={t('part.text', { kind: kindText(kind) })}
              onDecide={(reason) => onPart(home_id, reason)}
            />
          )}
        </li>
      ))}
    </ul>
  )
}

/** One of two who may be one person. */
export function SideCard({ side }: { side: Side }) {
  const t = useWords(words)
  return (
    <div className={styles.side}>
      <div className={styles.who}>
        <Face url={side.avatar} size={32} />
        {side.name === '' ? t('no.name') : side.name}
      </div>
      <IdentityList identities={side.identities} />
      <p className={styles.quiet}>
        {side.members.length === 0 ? t('no.member') : t('with.members', { names: side.members.join(t('list')) })}
      </p>
      <div>
        <a href={`/customers/list/${side.person_id}`}>{t('open.person')}</a>
      </div>
    </div>
  )
}

/** Why both joined or parted, in one sentence. */
export function Because({ merge }: { merge: Merge }) {
  const t = useWords(words)
  const reference = merge.reference === null || merge.reference === '' ? '' : ` ${merge.reference}`
  return (
    <p className={styles.quiet}>
      {merge.reason === null
        ? t('because.evidence', { source: sourceText(merge.source ?? '', t), reference })
        : t('because.person', { by: merge.by ?? '', reason: merge.reason })}
      {' · '}
      <Ago at={merge.at} />
      {merge.undone_at !== null && ` · ${t('undone')}`}
    </p>
  )
}

/** Asks for the reason that every decision about persons needs. */
export function ReasonButton({
  label,
  text,
  danger,
  primary,
  small,
  onDecide,
}: {
  label: string
  text: string
  danger?: boolean
  small?: boolean
  primary?: boolean
  onDecide: (reason: string) => Promise<void>
}) {
  const t = useWords(words)
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const short = reason.trim().length < 2

  async function decide() {
    setBusy(true)
    try {
      await onDecide(reason.trim())
      setOpen(false)
      setReason('')
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      <Button
        danger={danger === true}
        type={small ? 'link' : primary ? 'primary' : 'default'}
        size={small ? 'small' : 'middle'}
        onClick={() => setOpen(true)}
      >
        {label}
      </Button>
      <Modal
        open={open}
        title={label}
        okText={label}
        okButtonProps={{ danger: danger === true, disabled: short, loading: busy }}
        onOk={() => void decide()}
        onCancel={() => setOpen(false)}
      >
        <div className={styles.dialog}>
          <p>{text}</p>
          <Input.TextArea
            aria-label={t('reason')}
            placeholder={t('reason')}
            value={reason}
            maxLength={200}
            rows={3}
            onChange={(event) => setReason(event.target.value)}
          />
          {short && reason !== '' && <p className={styles.quiet}>{t('reason.short')}</p>}
        </div>
      </Modal>
    </>
  )
}
