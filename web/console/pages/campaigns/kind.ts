import { useLocation } from '@tanstack/react-router'
import { createContext, useCallback, useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { i18n } from '#shared/i18n/i18n.ts'
import { defineWords, type RoomWords, type Say } from '#shared/i18n/words.ts'
import type { Attachment, Spec, Variant } from './campaign.ts'

export type Kind = Spec['kind']

/** Where the pages of a kind are: the list there, `/new`, `/$id` and `/$id/edit`. */
export const kindPaths = {
  customer_send: '/engagement/campaigns',
  group_send: '/engagement/group-sends',
  moment: '/engagement/moments',
} as const satisfies Record<Kind, string>

const kinds = Object.keys(kindPaths) as Kind[]

/** Of which kind the page at this address is. */
export function useKindOfPage(): Kind {
  const { pathname } = useLocation()
  return kinds.find((kind) => pathname.startsWith(kindPaths[kind])) ?? 'customer_send'
}

/** What stands beside the text of a variant, edited. */
export interface AttachmentsProps {
  readonly variant: Variant
  readonly most: number
  /** What is wrong at this path below the variant's content, there and nowhere below. */
  readonly faultAt: (path: string) => string | undefined
  readonly onChange: (part: Partial<Variant>) => void
}

/** One content as a customer sees it, with example values for placeholders. */
export interface PreviewProps {
  readonly staffName: string
  readonly corpName: string
  readonly values: Readonly<Record<string, string>>
  readonly text: string
  readonly attachments: readonly Attachment[]
}

/** What the pages below are about. */
export const KindContext = createContext<Kind>('customer_send')

export function useKind(): Kind {
  return useContext(KindContext)
}

const namespaceOf = (room: { readonly namespace: string }, kind: Kind) => `${room.namespace}/${kind}`

/** What pages say of a kind in the place of the words of a room; what is not here is said as in the room. */
export function defineKindWords<Keys extends string, const Own extends Keys>(
  kind: Kind,
  room: RoomWords<Keys>,
  zh: Record<Own, string>,
  en: NoInfer<Record<Own, string> & Partial<Record<`${Own}_one`, string>>>,
): void {
  defineWords<Own>(namespaceOf(room, kind), zh, en)
}

/** The words of a room as they are said of the kind that the page is about. */
export function useKindWords<Keys extends string>(room: RoomWords<Keys>): Say<Keys> {
  const kind = useKind()
  const { t } = useTranslation([namespaceOf(room, kind), room.namespace], { i18n, nsMode: 'fallback' })
  return useCallback((key: string, values?: Record<string, string | number>) => t(key, values ?? {}), [t])
}
