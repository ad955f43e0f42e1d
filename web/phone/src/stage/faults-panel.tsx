import { useId, useState } from 'react'
import { currentLanguage } from '#shared/i18n/i18n.ts'
import { useWords } from '#shared/i18n/words.ts'
import { useAddFault, useFaults, useRemoveFault } from '../api/control.ts'
import type { Fault } from '../api/types.ts'
import { Icon } from '../parts/icon.tsx'
import {
  callbackFaults,
  callFaults,
  emptyFault,
  type FaultForm,
  type FaultKind,
  faultOf,
  isCallbackFault,
  needsDelay,
} from '../rules/fault-form.ts'
import { words } from '../words.ts'
import { endpointName, eventName, faultEvents, faultPaths } from './endpoint-words.ts'
import styles from './stage.module.css'

const WELCOME = 'externalcontact/send_welcome_msg'
const ADDED = 'change_external_contact/add_external_contact'
const PRESETS = {
  slowWelcome: { kind: 'delay', match: { path: WELCOME }, delayMs: 3000, times: 1 },
  lostWelcome: { kind: 'lost_answer', match: { path: WELCOME }, times: 1 },
  limited: { kind: 'errcode', match: { path: WELCOME }, errcode: 45009, times: 1 },
  busy: { kind: 'errcode', match: {}, errcode: -1, times: 1 },
  revoked: { kind: 'token_revoked', match: {}, times: 1 },
  lostAdd: { kind: 'callback_lost', match: { event: ADDED }, times: 1 },
  doubleAdd: { kind: 'callback_double', match: { event: ADDED }, times: 1 },
} as const
const PRESET_NAMES = ['slowWelcome', 'lostWelcome', 'limited', 'busy', 'revoked', 'lostAdd', 'doubleAdd'] as const
const KINDS: readonly FaultKind[] = [...callFaults, ...callbackFaults]

/** The platform's bad days, on demand. */
export function FaultsPanel() {
  const t = useWords(words)
  const faults = useFaults()
  const add = useAddFault()
  const remove = useRemoveFault()
  return (
    <div className={styles.sections}>
      <section>
        <h2>{t('faults.active')}</h2>
        {faults.isError && <p className={styles.bad}>{faults.error.message}</p>}
        {faults.data?.length === 0 && <p className={styles.hint}>{t('faults.none')}</p>}
        <ul className={styles.cards}>
          {faults.data?.map((fault) => (
            <FaultCard key={fault.id} fault={fault} onRemove={() => remove.mutate(fault.id)} />
          ))}
        </ul>
        {faults.data !== undefined && faults.data.length > 1 && (
          <button type="button" className={styles.button} onClick={() => remove.mutate(undefined)}>
            {t('faults.removeAll', { count: faults.data.length })}
          </button>
        )}
      </section>
      <section>
        <h2>{t('faults.presets')}</h2>
        <div className={styles.presets}>
          {PRESET_NAMES.map((name) => (
            <button
              key={name}
              type="button"
              className={styles.button}
              disabled={add.isPending}
              onClick={() => add.mutate(PRESETS[name])}
            >
              {t(`faults.preset.${name}`)}
            </button>
          ))}
        </div>
      </section>
      <section>
        <h2>{t('faults.own')}</h2>
        <OwnFault />
      </section>
    </div>
  )
}

function FaultCard({ fault, onRemove }: { fault: Fault; onRemove: () => void }) {
  const t = useWords(words)
  const language = currentLanguage()
  const { path, event, appKey, userid } = fault.match
  const where = path
    ? endpointName(path, language)
    : event
      ? eventName(event, language)
      : t(isCallbackFault(fault.kind) ? 'faults.allEvents' : 'faults.allCalls')
  const limits = [
    fault.delayMs !== undefined && `${fault.delayMs} ms`,
    fault.errcode !== undefined && `errcode ${fault.errcode}`,
    fault.nth !== undefined && t('faults.nth', { n: fault.nth }),
    fault.times !== undefined && t('faults.times', { count: fault.times }),
    fault.share !== undefined && `${Math.round(fault.share * 1000) / 10} %`,
    appKey,
    userid,
  ].filter(Boolean)
  return (
    <li className={styles.card}>
      <span className={styles.cardText}>
        <b>{t(`fault.${fault.kind}`)}</b>
        <span className={styles.personSub}>
          {where}
          {limits.length > 0 && ` · ${limits.join(' · ')}`}
        </span>
        <span className={styles.personSub}>{t('faults.hits', { hits: fault.hits, seen: fault.seen })}</span>
      </span>
      <button type="button" className={styles.iconButton} aria-label={t('faults.remove')} onClick={onRemove}>
        <Icon name="trash" size={18} />
      </button>
    </li>
  )
}

function OwnFault() {
  const t = useWords(words)
  const id = useId()
  const language = currentLanguage()
  const add = useAddFault()
  const [form, setForm] = useState<FaultForm>(emptyFault)
  const result = faultOf(form)
  const onCallback = isCallbackFault(form.kind)
  const set = (change: Partial<FaultForm>) => setForm({ ...form, ...change })
  const number = (field: 'delayMs' | 'errcode' | 'times' | 'share') => (
    <label className={styles.field}>
      {t(`faults.field.${field}`)}
      <input
        inputMode="numeric"
        value={form[field]}
        aria-invalid={'wrong' in result && result.wrong === field}
        onChange={(event) => set({ [field]: event.target.value })}
      />
    </label>
  )
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        if ('fault' in result) add.mutate(result.fault)
      }}
    >
      <label className={styles.field}>
        {t('faults.field.kind')}
        <select
          value={form.kind}
          onChange={(event) => {
            const kind = KINDS.find((one) => one === event.target.value) ?? 'delay'
            set({ kind, target: isCallbackFault(kind) === onCallback ? form.target : '' })
          }}
        >
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t(`fault.${kind}`)}
            </option>
          ))}
        </select>
      </label>
      <label className={styles.field} htmlFor={`${id}-target`}>
        {t(onCallback ? 'faults.field.event' : 'faults.field.path')}
        <select id={`${id}-target`} value={form.target} onChange={(event) => set({ target: event.target.value })}>
          <option value="">{t(onCallback ? 'faults.allEvents' : 'faults.allCalls')}</option>
          {(onCallback ? faultEvents : faultPaths).map((target) => (
            <option key={target} value={target}>
              {onCallback ? eventName(target, language) : endpointName(target, language)}
            </option>
          ))}
        </select>
      </label>
      <div className={styles.fieldRow}>
        {needsDelay(form.kind) && number('delayMs')}
        {form.kind === 'errcode' && number('errcode')}
        {number('times')}
        {number('share')}
      </div>
      <button type="submit" className={styles.primary} disabled={'wrong' in result || add.isPending}>
        {t('faults.add')}
      </button>
      {'wrong' in result && <p className={styles.bad}>{t(`faults.wrong.${result.wrong}`)}</p>}
      {add.isError && <p className={styles.bad}>{add.error.message}</p>}
    </form>
  )
}
