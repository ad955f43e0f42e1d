import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { openPage } from '../api/people.ts'
import type { WebPage as Page } from '../api/types.ts'
import { Empty } from '../parts/cells.tsx'
import { safeLink } from '../rules/text-links.ts'
import { refreshOf } from '../rules/web-page.ts'
import { words } from '../words.ts'
import { usePhone } from './context.ts'
import { NavBar } from './nav-bar.tsx'
import styles from './phone.module.css'
import { readQr } from './read-qr.ts'

/** WeChat's browser: shows a page of the brand and recognises the codes on it, as a long press does there. */
export function WebPage({ address }: { address: string }) {
  const t = useWords(words)
  const { person, pop, push } = usePhone()
  const [url, setUrl] = useState(address)
  const [visit, setVisit] = useState(0)
  const page = useQuery({
    queryKey: ['page', person.id, url, visit],
    queryFn: () => openPage(person.id, url),
    retry: false,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  })
  const view = useMemo(() => (page.data ? prepared(page.data) : undefined), [page.data])
  const codes = useCodes(view?.pictures)
  const again = view?.again

  useEffect(() => {
    if (!again) return
    const timer = setTimeout(() => {
      setUrl(again.url)
      setVisit((count) => count + 1)
    }, again.afterMs)
    return () => clearTimeout(timer)
  }, [again])

  /** A link is opened here, with his cookies and his name, not in the browser around the phone. */
  function follow(event: MouseEvent) {
    const target = event.target as Element | null
    const href = safeLink(target?.closest('a')?.href)
    if (target?.closest('a')) event.preventDefault()
    if (href === undefined) return
    setUrl(href)
    setVisit((count) => count + 1)
  }

  return (
    <>
      <NavBar title={view?.title || t('page.title')} onBack={pop} />
      {page.isPending && <p className={styles.quietLine}>{t('page.opening')}</p>}
      {page.isError && <Elsewhere address={address} reason={page.error.message} />}
      {view && !page.isError && (
        // no script of the page runs; of the same origin, so that its links can be followed as this person
        <iframe
          className={styles.web}
          title={view.title || address}
          sandbox="allow-same-origin"
          srcDoc={view.html}
          onLoad={(event) => event.currentTarget.contentDocument?.addEventListener('click', follow)}
        />
      )}
      {codes.length > 0 && (
        <div className={styles.webBar}>
          {codes.map((content) => (
            <button
              key={content}
              type="button"
              className={styles.webCode}
              onClick={() => push({ name: 'scanned', content })}
            >
              {t('page.recognise')}
            </button>
          ))}
        </div>
      )}
    </>
  )
}

function Elsewhere({ address, reason }: { address: string; reason: string }) {
  const t = useWords(words)
  const href = safeLink(address)
  return (
    <Empty
      title={t('page.notHere')}
      hint={`${address}\n${reason}`}
      act={
        href && (
          <a className={styles.mainButton} href={href} target="_blank" rel="noreferrer">
            {t('page.open')}
          </a>
        )
      }
    />
  )
}

/** The frame runs no script and cannot follow the page's own addresses: both are settled here. */
function prepared(page: Page) {
  const parsed = new DOMParser().parseFromString(page.html, 'text/html')
  const refresh = parsed.querySelector('meta[http-equiv="refresh" i]')
  const again = refreshOf(refresh?.getAttribute('content'), page.url)
  refresh?.remove()
  const base = parsed.createElement('base')
  base.href = page.url
  parsed.head.prepend(base)
  // Pictures of other hosts may not be read; a code that is to be recognised comes with its page.
  const pictures = [...parsed.images]
    .map((image) => image.getAttribute('src') ?? '')
    .filter((src) => src.startsWith('data:image/'))
  return { title: parsed.title, html: parsed.documentElement.outerHTML, again, pictures }
}

function useCodes(pictures: readonly string[] | undefined): readonly string[] {
  const [codes, setCodes] = useState<readonly string[]>([])
  useEffect(() => {
    let current = true
    setCodes([])
    void Promise.all((pictures ?? []).map(codeIn)).then((found) => {
      if (current) setCodes([...new Set(found.filter((code) => code !== undefined))])
    })
    return () => {
      current = false
    }
  }, [pictures])
  return codes
}

/** A picture that cannot be drawn simply holds no code. */
async function codeIn(address: string): Promise<string | undefined> {
  return readQr(await (await fetch(address)).blob()).catch(() => undefined)
}
