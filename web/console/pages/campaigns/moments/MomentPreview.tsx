import { PlayCircleFilled } from '@ant-design/icons'
import { useWords } from '#shared/i18n/words.ts'
import { faceOf, PhoneFrame, PlaceholderText } from '../../../components/PhonePreview.tsx'
import { contentOfAsset } from '../../welcome/welcome.ts'
import type { Attachment } from '../campaign.ts'
import type { PreviewProps } from '../kind.ts'
import own from './moments.module.css'
import { words } from './words.ts'

/** The Moment as a customer sees it in WeChat, drawn while it is written. */
export function MomentPreview({ staffName, corpName, values, text, attachments }: PreviewProps) {
  const t = useWords(words)
  const pictures = attachments.filter(({ kind }) => kind === 'image')
  const [first] = attachments
  const empty = text.trim() === '' && attachments.length === 0
  return (
    <PhoneFrame label={t('preview.label')} title={t('preview.title')}>
      <div className={own.cover} aria-hidden="true" />
      {empty ? (
        <p className={own.empty}>{t('preview.empty')}</p>
      ) : (
        <article className={own.post}>
          <span className={own.face} aria-hidden="true">
            {faceOf(staffName)}
          </span>
          <div className={own.said}>
            <p className={own.author}>
              {staffName} <span className={own.corp}>@{corpName}</span>
            </p>
            {text.trim() !== '' && (
              <p className={own.text}>
                <PlaceholderText text={text} values={values} />
              </p>
            )}
            {pictures.length > 0 && (
              <div className={pictures.length === 1 ? own.one : pictures.length === 4 ? own.four : own.nine}>
                {pictures.map((one, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a picture has no name but its place
                  <Shown key={at} of={one} label={t('pictures.nth', { n: at + 1 })} />
                ))}
              </div>
            )}
            {first?.kind === 'video' && (
              <div className={own.video}>
                <PlayCircleFilled aria-hidden="true" />
                {t('sort.video')}
              </div>
            )}
            {first?.kind === 'link' && (
              <div className={own.link}>
                <Shown of={first} label="" />
                <span>{first.title || first.url}</span>
              </div>
            )}
            <p className={own.foot}>
              <span>{t('preview.just')}</span>
              <span className={own.dots} aria-hidden="true">
                ··
              </span>
            </p>
          </div>
        </article>
      )}
    </PhoneFrame>
  )
}

function Shown({ of, label }: { of: Attachment; label: string }) {
  const id = 'asset_id' in of ? (of.asset_id ?? '') : ''
  return id === '' ? (
    <span className={own.blank}>{label}</span>
  ) : (
    <img className={own.shown} src={contentOfAsset(id)} alt={label} />
  )
}
