import { explain } from '@nuanyu/wecom'
import type { Said } from '../../../infra/errors.ts'

/** What each finding says: what happened, why it matters, where it is mended, how. */
export interface FindingText {
  readonly title: Said
  readonly why: Said
  readonly menuPath: Said | null
  readonly mend: Said
}

export interface FindingValues {
  readonly app?: string
  readonly errcode?: number
  readonly count?: number
  readonly ms?: number
  readonly mostMs?: number
  readonly host?: string
  readonly said?: string
  readonly names?: readonly string[]
}

export const admin = (zh: string, en: string): Said => ({
  zh: `企业微信管理后台 > ${zh}`,
  en: `WeCom admin console > ${en}`,
})
export const text = (
  title: [string, string],
  why: [string, string],
  menuPath: Said | null,
  mend: [string, string],
): FindingText => ({
  title: { zh: title[0], en: title[1] },
  why: { zh: why[0], en: why[1] },
  menuPath,
  mend: { zh: mend[0], en: mend[1] },
})
export const meaning = (v: FindingValues) => {
  const known = explain(v.errcode ?? 0)
  return [`${v.errcode} ${known.meaningZh}`, `${v.errcode} ${known.meaning}`] as const
}
export const list = (v: FindingValues): [string, string] => {
  const names = v.names ?? []
  const more = (v.count ?? 0) > names.length
  return [
    `${names.join('、')}${more ? ` 等 ${v.count} 人` : ''}`,
    `${names.join(', ')}${more ? ` and others, ${v.count} in all` : ''}`,
  ]
}
export const appPage = admin('应用管理 > 自建 > 本应用', 'Apps > Self-built > this app')
export const retry: [string, string] = [
  '改好后在本页重新填写 Secret，再点「重新体检」。',
  'Then enter the secret on this page again and press “Check again”.',
]

/** Findings by their codes; each file of words is one. */
export type FindingTable = Readonly<Record<string, (values: FindingValues) => FindingText>>
