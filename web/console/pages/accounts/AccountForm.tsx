import { Button, Checkbox, Input, Radio, Select } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { firstScope, madeUpPassword, roles, scopeKindsOf } from './account.ts'
import styles from './accounts.module.css'
import type { Draft } from './draft.ts'
import { MemberField } from './MemberField.tsx'
import { ScopeField } from './ScopeField.tsx'
import { words } from './words.ts'

export interface AccountFormProps {
  draft: Draft
  change: (changed: Partial<Draft>) => void
  existing: boolean
  /** The reader may make administrators of the installation. */
  mayInstall: boolean
  disabled: boolean
  /** One’s own role is for another administrator to change. */
  roleFixed: boolean
}

export function AccountForm({ draft, change, existing, mayInstall, disabled, roleFixed }: AccountFormProps) {
  const t = useWords(words)
  const id = useId()
  return (
    <>
      <Field id={`${id}-username`} label={t('username')} hint={existing ? undefined : t('username.hint')}>
        <Input
          id={`${id}-username`}
          value={draft.username}
          disabled={disabled || existing}
          autoComplete="off"
          autoCapitalize="off"
          maxLength={64}
          onChange={(event) => change({ username: event.target.value })}
        />
      </Field>
      <Field id={`${id}-name`} label={t('name')}>
        <Input
          id={`${id}-name`}
          value={draft.name}
          disabled={disabled}
          autoComplete="off"
          maxLength={64}
          onChange={(event) => change({ name: event.target.value })}
        />
      </Field>
      <Field id={`${id}-role`} label={t('role')} hint={t(`role.${draft.role}.text`)}>
        <Select
          id={`${id}-role`}
          value={draft.role}
          disabled={disabled || roleFixed || (existing && draft.installation)}
          options={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))}
          onChange={(role) =>
            change({
              role,
              installation: existing && draft.installation,
              ...(scopeKindsOf[role].includes(draft.scope.kind) ? {} : { scope: firstScope(role) }),
            })
          }
        />
      </Field>
      {!existing && mayInstall && draft.role === 'administrator' && (
        <div>
          <Checkbox checked={draft.installation} onChange={(event) => change({ installation: event.target.checked })}>
            {t('installation')}
          </Checkbox>
          <p className={styles.hint}>{t('installation.text')}</p>
        </div>
      )}
      {!draft.installation && (
        <>
          <MemberField
            value={draft.wecomUserid}
            name={draft.name}
            disabled={disabled}
            onChange={(wecomUserid, name) =>
              change({ wecomUserid, ...(draft.name === '' && name !== undefined ? { name } : {}) })
            }
          />
          <ScopeField
            role={draft.role}
            scope={draft.scope}
            disabled={disabled || roleFixed}
            onChange={(scope) => change({ scope })}
          />
        </>
      )}
      {!disabled && (
        <PasswordField value={draft.password} existing={existing} onChange={(password) => change({ password })} />
      )}
      <fieldset className={styles.plain} disabled={disabled}>
        <legend className={styles.field}>{t('language')}</legend>
        <Radio.Group
          value={draft.locale}
          disabled={disabled}
          options={(['zh', 'en'] as const).map((one) => ({ value: one, label: t(`language.${one}`) }))}
          onChange={(event) => change({ locale: event.target.value === 'en' ? 'en' : 'zh' })}
        />
      </fieldset>
    </>
  )
}

export function Field({
  id,
  label,
  hint,
  children,
}: {
  id: string
  label: string
  hint?: string | undefined
  children: ReactNode
}) {
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children}
      {hint !== undefined && <p className={styles.hint}>{hint}</p>}
    </div>
  )
}

function PasswordField({
  value,
  existing,
  onChange,
}: {
  value: string
  existing: boolean
  onChange: (value: string) => void
}) {
  const t = useWords(words)
  const id = useId()
  const [made, setMade] = useState<string>()
  return (
    <Field
      id={id}
      label={t(existing ? 'password.new' : 'password')}
      hint={t(existing ? 'password.keep' : 'password.hint')}
    >
      <div className={styles.row}>
        <Input.Password
          id={id}
          value={value}
          autoComplete="new-password"
          maxLength={200}
          onChange={(event) => {
            setMade(undefined)
            onChange(event.target.value)
          }}
        />
        <Button
          onClick={() => {
            const password = madeUpPassword((bytes) => crypto.getRandomValues(bytes))
            setMade(password)
            onChange(password)
          }}
        >
          {t('password.generate')}
        </Button>
      </div>
      {made !== undefined && made === value && (
        <p className={styles.made} role="status">
          {t('password.copy', { password: made })}
        </p>
      )}
    </Field>
  )
}
