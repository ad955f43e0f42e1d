import { useRef, useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { useCodes } from '../api/people.ts'
import type { Code } from '../api/types.ts'
import { Icon } from '../parts/icon.tsx'
import { useToast } from '../parts/toast.tsx'
import { words } from '../words.ts'
import { usePhone } from './context.ts'
import { NavBar } from './nav-bar.tsx'
import { readQr } from './read-qr.ts'
import styles from './scan.module.css'

type Way = 'choose' | 'upload' | 'paste'
const WAYS: readonly Way[] = ['choose', 'upload', 'paste']

/** No camera here, so three other ways to point it at a code: one of the brand's, a picture, or the text it holds. */
export function ScanScreen() {
  const t = useWords(words)
  const { pop, push } = usePhone()
  const [way, setWay] = useState<Way>('choose')
  const scan = (content: string) => push({ name: 'scanned', content })
  return (
    <div className={styles.scan}>
      <NavBar plain title={t('scan.title')} onBack={pop} />
      <div className={styles.finder} aria-hidden="true">
        <span className={styles.beam} />
        <p>{t(`scan.hint.${way}`)}</p>
      </div>
      <div className={styles.panel}>
        <div className={styles.ways} role="tablist" aria-label={t('scan.ways')}>
          {WAYS.map((one) => (
            <button
              key={one}
              type="button"
              role="tab"
              id={`scan-tab-${one}`}
              aria-selected={way === one}
              aria-controls="scan-panel"
              className={styles.way}
              onClick={() => setWay(one)}
            >
              {t(`scan.way.${one}`)}
            </button>
          ))}
        </div>
        <div id="scan-panel" role="tabpanel" aria-labelledby={`scan-tab-${way}`} className={styles.wayPanel}>
          {way === 'choose' && <Gallery onScan={scan} />}
          {way === 'upload' && <Upload onScan={scan} />}
          {way === 'paste' && <Paste onScan={scan} />}
        </div>
      </div>
    </div>
  )
}

function Gallery({ onScan }: { onScan: (content: string) => void }) {
  const t = useWords(words)
  const [wanted, setWanted] = useState('')
  const codes = useCodes(wanted.trim())
  const list = codes.data?.codes ?? []
  return (
    <>
      <input
        type="search"
        className={styles.search}
        placeholder={t('scan.search')}
        aria-label={t('scan.search')}
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
      />
      {codes.isPending && <p className={styles.quiet}>{t('loading')}</p>}
      {codes.isError && <p className={styles.quiet}>{codes.error.message}</p>}
      {codes.isSuccess && list.length === 0 && (
        <p className={styles.quiet}>{t(wanted ? 'scan.none.search' : 'scan.none')}</p>
      )}
      <ul className={styles.gallery}>
        {list.map((code) => (
          <li key={`${code.kind}:${code.id}`}>
            <CodeCard code={code} onScan={onScan} />
          </li>
        ))}
      </ul>
    </>
  )
}

function CodeCard({ code, onScan }: { code: Code; onScan: (content: string) => void }) {
  const t = useWords(words)
  return (
    <button type="button" className={styles.code} onClick={() => onScan(code.content)}>
      <img src={code.qr} alt="" loading="lazy" width={112} height={112} />
      <span className={styles.codeName}>{code.name || code.state || code.id}</span>
      <span className={styles.codeKind}>
        {t(`code.${code.kind}`)}
        {code.members.length > 0 && ` · ${code.members.slice(0, 2).join('、')}${code.members.length > 2 ? '…' : ''}`}
      </span>
    </button>
  )
}

function Upload({ onScan }: { onScan: (content: string) => void }) {
  const t = useWords(words)
  const toast = useToast()
  const input = useRef<HTMLInputElement>(null)
  const [reading, setReading] = useState(false)
  const [over, setOver] = useState(false)

  async function read(file: File | undefined) {
    if (!file) return
    setReading(true)
    try {
      const content = await readQr(file)
      if (content === undefined) toast(t('scan.unreadable'), true)
      else onScan(content)
    } catch {
      toast(t('scan.notPicture'), true)
    } finally {
      setReading(false)
    }
  }

  return (
    <>
      <button
        type="button"
        className={over ? styles.dropOver : styles.drop}
        onClick={() => input.current?.click()}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          void read(event.dataTransfer.files[0])
        }}
      >
        <Icon name="image" size={36} />
        {t(reading ? 'scan.reading' : 'scan.drop')}
      </button>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        onChange={(event) => {
          void read(event.target.files?.[0])
          event.target.value = ''
        }}
      />
    </>
  )
}

function Paste({ onScan }: { onScan: (content: string) => void }) {
  const t = useWords(words)
  const [text, setText] = useState('')
  const content = text.trim()
  return (
    <form
      className={styles.paste}
      onSubmit={(event) => {
        event.preventDefault()
        if (content !== '') onScan(content)
      }}
    >
      <textarea
        rows={4}
        value={text}
        placeholder={t('scan.paste.placeholder')}
        aria-label={t('scan.way.paste')}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className={styles.go} disabled={content === ''}>
        {t('scan.go')}
      </button>
    </form>
  )
}
