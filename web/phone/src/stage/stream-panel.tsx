import { memo, useState } from 'react'
import { currentLanguage } from '#shared/i18n/i18n.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { useCorps } from '../api/control.ts'
import { nameOf } from '../api/names.ts'
import type { CallbackRecord, CallRecord, ReachedMessage } from '../api/types.ts'
import { Icon } from '../parts/icon.tsx'
import { previewOf } from '../phone/display.tsx'
import { clockSeconds } from '../rules/chat-time.ts'
import { type Entry, type EntryKind, isGroupMessage, isProblem, matches } from '../rules/stream.ts'
import { type WordKey, words } from '../words.ts'
import { endpointName, endpointTail, eventName } from './endpoint-words.ts'
import styles from './stream.module.css'
import { clearStream, pauseStream, useStream } from './stream-store.ts'

const KINDS: readonly EntryKind[] = ['call', 'callback', 'message']
/** More rows than can be read help nobody, and a peak scenario would redraw them all four times a second. */
const SHOWN = 80

/** What the platform was asked, what it told whom, and what reached people: newest first, in words. */
export function StreamPanel({ become }: { become: (id: string) => void }) {
  const t = useWords(words)
  const stream = useStream()
  const corps = useCorps()
  const apps = corps.data?.flatMap((corp) => corp.apps) ?? []
  const [kinds, setKinds] = useState<ReadonlySet<EntryKind>>(new Set(KINDS))
  const [app, setApp] = useState('')
  const [problemsOnly, setProblemsOnly] = useState(false)
  const [text, setText] = useState('')
  const shown = stream.entries.filter((entry) => matches(entry, { kinds, app, problemsOnly, text })).slice(0, SHOWN)

  function toggle(kind: EntryKind) {
    const next = new Set(kinds)
    if (!next.delete(kind)) next.add(kind)
    setKinds(next)
  }

  return (
    <div className={styles.stream}>
      <div className={styles.filters}>
        {KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            className={styles.filter}
            data-kind={kind}
            aria-pressed={kinds.has(kind)}
            onClick={() => toggle(kind)}
          >
            {t(`stream.${kind}`)}
          </button>
        ))}
        <button
          type="button"
          className={styles.filter}
          data-kind="problem"
          aria-pressed={problemsOnly}
          onClick={() => setProblemsOnly(!problemsOnly)}
        >
          {t('stream.problems')}
        </button>
        <span className={styles.spacer} />
        <button
          type="button"
          className={styles.tool}
          aria-pressed={stream.paused}
          onClick={() => pauseStream(!stream.paused)}
        >
          <Icon name={stream.paused ? 'play' : 'pause'} size={15} />
          {stream.paused ? t('stream.go', { count: stream.held }) : t('stream.pause')}
        </button>
        <button type="button" className={styles.tool} onClick={clearStream}>
          {t('stream.clear')}
        </button>
      </div>
      <div className={styles.filters}>
        <select
          className={styles.select}
          value={app}
          aria-label={t('stream.app')}
          onChange={(event) => setApp(event.target.value)}
        >
          <option value="">{t('stream.allApps')}</option>
          {apps.map((one) => (
            <option key={one.appKey} value={one.appKey}>
              {one.name}
            </option>
          ))}
        </select>
        <input
          type="search"
          className={styles.search}
          value={text}
          placeholder={t('stream.search')}
          aria-label={t('stream.search')}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      {!stream.connected && (
        <p className={styles.lost} role="status">
          {t('stream.disconnected')}
        </p>
      )}
      <ol className={styles.list}>
        {shown.map((entry) => (
          <Row key={entry.key} entry={entry} become={become} />
        ))}
      </ol>
      {shown.length === 0 && (
        <div className={styles.empty}>
          <p>{t(stream.entries.length === 0 ? 'stream.empty' : 'stream.empty.filter')}</p>
          {stream.entries.length === 0 && <p>{t('stream.empty.hint')}</p>}
        </div>
      )}
    </div>
  )
}

const Row = memo(function Row({ entry, become }: { entry: Entry; become: (id: string) => void }) {
  const t = useWords(words)
  const [open, setOpen] = useState(false)
  return (
    <li className={styles.entry} data-kind={entry.event} data-problem={isProblem(entry)}>
      <button type="button" className={styles.line} aria-expanded={open} onClick={() => setOpen(!open)}>
        <time className={styles.time}>{clockSeconds(entry.atMs)}</time>
        <span className={styles.mark}>
          {entry.event === 'clock' || entry.event === 'fault' ? '' : t(`stream.${entry.event}`)}
        </span>
        <span className={styles.text}>
          {entry.event === 'call' && <CallLine call={entry.data} t={t} />}
          {entry.event === 'callback' && <CallbackLine callback={entry.data} t={t} />}
          {entry.event === 'message' && <MessageLine reached={entry.data} t={t} />}
        </span>
      </button>
      {open && (
        <div className={styles.details}>
          {entry.event === 'message' && (
            <button type="button" className={styles.tool} onClick={() => become(entry.data.person)}>
              {t('stream.play', { name: nameOf(entry.data.person) })}
            </button>
          )}
          {entry.event === 'call' && (
            <p className={styles.path}>
              {entry.data.method} {entry.data.path}
            </p>
          )}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard */}
          <pre className={styles.json} tabIndex={0}>
            {JSON.stringify(entry.event === 'call' ? entry.data.request : entry.data, null, 2)}
          </pre>
        </div>
      )}
    </li>
  )
})

function CallLine({ call, t }: { call: CallRecord; t: Say<WordKey> }) {
  const name = endpointName(call.path, currentLanguage())
  return (
    <>
      <b>{name}</b>
      <span className={styles.sub}>
        {call.appKey ?? t('stream.noApp')} · {name === endpointTail(call.path) ? '' : `${endpointTail(call.path)} · `}
        {call.errcode === 0 ? (
          <span className={styles.good}>{t('stream.ok')}</span>
        ) : (
          <span className={styles.bad}>
            {call.errcode} {call.errmsg}
          </span>
        )}{' '}
        · {Math.round(call.ms)} ms
        {call.fault && <span className={styles.bad}> · {t('stream.fault', { fault: call.fault })}</span>}
      </span>
    </>
  )
}

function CallbackLine({ callback, t }: { callback: CallbackRecord; t: Say<WordKey> }) {
  return (
    <>
      <b>{eventName(callback.event, currentLanguage())}</b>
      <span className={styles.sub}>
        → {callback.appKey} {callback.userid && `· ${nameOf(callback.userid)} `}·{' '}
        <span className={callback.result === 'acknowledged' ? styles.good : styles.bad}>
          {t(`stream.result.${callback.result}`)}
          {callback.status !== undefined && callback.status !== 200 ? ` ${callback.status}` : ''}
        </span>{' '}
        · {Math.round(callback.ms)} ms{callback.attempt > 1 && ` · ${t('stream.attempt', { n: callback.attempt })}`}
        {callback.fault && <span className={styles.bad}> · {t('stream.fault', { fault: callback.fault })}</span>}
      </span>
    </>
  )
}

function MessageLine({ reached, t }: { reached: ReachedMessage; t: Say<WordKey> }) {
  const { message } = reached
  return (
    <>
      <b>{headline(reached, t)}</b>
      <span className={styles.sub}>
        {message.source !== 'person' && message.source !== 'notice' && `${t(`source.message.${message.source}`)} · `}
        {previewOf(message, t)}
      </span>
    </>
  )
}

function headline(reached: ReachedMessage, t: Say<WordKey>): string {
  const { message } = reached
  if (isGroupMessage(reached)) {
    return message.from === null ? t('stream.groupTold') : t('stream.group', { from: message.fromName })
  }
  const name = nameOf(reached.person)
  return message.from === null ? t('stream.told', { name }) : t('stream.reached', { name, from: message.fromName })
}
