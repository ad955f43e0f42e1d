import { type ReactNode, useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { useCorps, usePatchSettings, useSettings } from '../api/control.ts'
import type { Person, Settings, SettingsPatch } from '../api/types.ts'
import { words } from '../words.ts'
import styles from './stage.module.css'

/** What the platform's own console would say about the corp, its apps and one member. */
export function SettingsPanel({ person }: { person: Person | undefined }) {
  const t = useWords(words)
  const settings = useSettings()
  const patch = usePatchSettings()
  if (settings.isError) return <p className={styles.bad}>{settings.error.message}</p>
  if (!settings.data) return <p className={styles.hint}>{t('loading')}</p>
  const change = (request: SettingsPatch) => patch.mutate(request)
  return (
    <div className={styles.sections}>
      {patch.isError && <p className={styles.bad}>{patch.error.message}</p>}
      <section>
        <h2>{t('settings.apps')}</h2>
        <Apps />
      </section>
      {person?.role === 'staff' && (
        <section>
          <h2>{t('settings.member', { name: person.name })}</h2>
          <MemberForm key={person.id} userid={person.id} settings={settings.data} change={change} />
        </section>
      )}
      <section>
        <h2>{t('settings.platform')}</h2>
        <PlatformForm settings={settings.data} change={change} />
      </section>
      <details className={styles.raw}>
        <summary>{t('settings.all')}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard */}
        <pre tabIndex={0}>{JSON.stringify(settings.data, null, 2)}</pre>
      </details>
    </div>
  )
}

function Apps() {
  const t = useWords(words)
  const corps = useCorps()
  return (
    <ul className={styles.cards}>
      {corps.data?.flatMap((corp) =>
        corp.apps.map((app) => (
          <li key={`${corp.corpId}/${app.appKey}`} className={styles.card}>
            <span className={styles.cardText}>
              <b>{app.name}</b>
              <span className={styles.personSub}>
                {corp.name} · {app.appKey} · agentid {app.agentId}
              </span>
              <span className={app.callback ? styles.personSub : styles.warn}>
                {app.callback ? t('settings.callback', { url: app.callback.url }) : t('settings.noCallback')}
              </span>
              <details className={styles.secret}>
                <summary>{t('settings.credentials')}</summary>
                <code>
                  corpid {corp.corpId}
                  <br />
                  secret {app.secret}
                </code>
              </details>
            </span>
          </li>
        )),
      )}
    </ul>
  )
}

type FormProps = { settings: Settings; change: (patch: SettingsPatch) => void }

function PlatformForm({ settings, change }: FormProps) {
  const t = useWords(words)
  return (
    <div className={styles.form}>
      <NumberField
        label={t('settings.delay')}
        value={settings.platform.delayMs}
        unit="ms"
        max={60_000}
        onSet={(delayMs) => change({ platform: { delayMs } })}
      />
      <NumberField
        label={t('settings.half')}
        value={settings.adds.halfShare * 100}
        unit="%"
        max={100}
        onSet={(share) => change({ adds: { halfShare: share / 100 } })}
      />
      <Toggle
        label={t('settings.frequency')}
        on={settings.limits.frequency}
        onSet={(frequency) => change({ limits: { frequency } })}
      />
      <Toggle
        label={t('settings.developer')}
        on={settings.corp.developerAccountBound}
        onSet={(developerAccountBound) => change({ corp: { developerAccountBound } })}
      />
      <Toggle
        label={t('settings.archive')}
        on={settings.corp.archiveConsentMissing}
        onSet={(archiveConsentMissing) => change({ corp: { archiveConsentMissing } })}
      />
    </div>
  )
}

function MemberForm({ userid, settings, change }: FormProps & { userid: string }) {
  const t = useWords(words)
  const member = { ...settings.memberDefaults, ...settings.members[userid] }
  const set = (patch: Partial<Settings['memberDefaults']>) => change({ members: { [userid]: patch } })
  const [welcome, setWelcome] = useState(member.consoleWelcome ?? '')
  return (
    <div className={styles.form}>
      <Toggle label={t('settings.active')} on={member.active} onSet={(active) => set({ active })} />
      <Toggle label={t('settings.realName')} on={member.realName} onSet={(realName) => set({ realName })} />
      <Toggle label={t('settings.followUser')} on={member.followUser} onSet={(followUser) => set({ followUser })} />
      <Toggle label={t('settings.expanded')} on={member.expanded} onSet={(expanded) => set({ expanded })} />
      <Field label={t('settings.consoleWelcome')}>
        <input
          value={welcome}
          placeholder={t('settings.consoleWelcome.none')}
          onChange={(event) => setWelcome(event.target.value)}
          onBlur={() => set({ consoleWelcome: welcome.trim() === '' ? null : welcome.trim() })}
        />
      </Field>
      <p className={styles.hint}>{t('settings.consoleWelcome.hint')}</p>
    </div>
  )
}

function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is given as children
    <label className={styles.field}>
      {label}
      {children}
    </label>
  )
}

function Toggle({ label, on, onSet }: { label: string; on: boolean; onSet: (on: boolean) => void }) {
  return (
    <label className={styles.toggle}>
      <input
        type="checkbox"
        role="switch"
        aria-checked={on}
        checked={on}
        onChange={(event) => onSet(event.target.checked)}
      />
      <span>{label}</span>
    </label>
  )
}

type NumberProps = { label: string; value: number; unit: string; max: number; onSet: (value: number) => void }

/** Sent when the field is left, so that half a number never takes effect. */
function NumberField({ label, value, unit, max, onSet }: NumberProps) {
  const [text, setText] = useState<string | undefined>()
  return (
    <Field label={`${label} (${unit})`}>
      <input
        inputMode="decimal"
        value={text ?? String(value)}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => {
          const next = Number(text)
          if (text !== undefined && text.trim() !== '' && next >= 0 && next <= max && next !== value) onSet(next)
          setText(undefined)
        }}
      />
    </Field>
  )
}
