import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input, InputNumber, Select } from 'antd'
import { listed } from '#shared/format/list.ts'
import { exactCount } from '#shared/format/number.ts'
import { ValueSelect } from '../audiences/ValueSelect.tsx'
import { Field, FieldGroup } from '../channels/Field.tsx'
import type { Check, Variant } from './campaign.ts'
import styles from './campaigns.module.css'
import { useKind, useKindWords } from './kind.ts'
import { kindParts } from './kinds.tsx'
import type { StepProps } from './StepWhom.tsx'
import { StoresSelect } from './StoresSelect.tsx'
import { brandMark, byteLength, evenShares, lessMark, newVariant } from './spec.rules.ts'
import { words } from './wizard.words.ts'

const mostVariants = 12
const letters = 'ABCDEFGHIJKL'

/** What is said, to whom of them, and in which parts. */
export function StepContent({
  spec,
  change,
  faultOf,
  check,
  shown,
  onShow,
}: StepProps & { check: Check | undefined; shown: number; onShow: (at: number) => void }) {
  const t = useKindWords(words)
  const { Attachments, oneForAll } = kindParts[useKind()]
  const { variants } = spec
  const at = Math.min(shown, variants.length - 1)
  const variant = variants[at]
  const put = (next: Variant[]) => change({ spec: { variants: next } })
  const free = [...letters].find((letter) => !variants.some((one) => one.name === letter)) ?? 'A'
  if (variant === undefined) return null
  const set = (part: Partial<Variant>) => put(variants.map((one, i) => (i === at ? { ...one, ...part } : one)))
  return (
    <>
      <div className={styles.tabs}>
        {variants.map((one, i) => (
          <Button
            // biome-ignore lint/suspicious/noArrayIndexKey: a variant has no name but its place
            key={i}
            aria-pressed={i === at}
            type={i === at ? 'primary' : 'default'}
            danger={faultOf(`variants.${i}`) !== undefined}
            onClick={() => onShow(i)}
          >
            {t('variant.n', { name: one.name })}
          </Button>
        ))}
        {variants.length < mostVariants && !oneForAll(spec) && (
          <Button
            icon={<PlusOutlined />}
            onClick={() => {
              put(evenShares([...variants, newVariant(free, variant.content)]))
              onShow(variants.length)
            }}
          >
            {t('variant.add')}
          </Button>
        )}
      </div>
      {variants.length > 1 && (
        <VariantPart
          variant={variant}
          onChange={set}
          onRemove={() => {
            put(evenShares(variants.filter((_, i) => i !== at)))
            onShow(Math.max(0, at - 1))
          }}
        />
      )}
      <TextField
        variant={variant}
        // what is wrong with an attachment stands at the attachment
        fault={faultOf(`variants.${at}`, `variants.${at}.content.attachments`) ?? faultOf('variants', 'variants.')}
        text={check?.texts[at]}
        check={check}
        onChange={set}
      />
      <Attachments
        variant={variant}
        most={check?.attachments_limit ?? 9}
        faultAt={(path) => faultOf(`variants.${at}.content.${path}`, `variants.${at}.content.${path}.`)}
        onChange={set}
      />
    </>
  )
}

function VariantPart({
  variant,
  onChange,
  onRemove,
}: {
  variant: Variant
  onChange: (part: Partial<Variant>) => void
  onRemove: () => void
}) {
  const t = useKindWords(words)
  const kind = variant.for === null ? 'everybody' : 'audience' in variant.for ? 'audience' : 'stores'
  return (
    <div className={styles.box}>
      <div className={styles.boxHead}>
        <strong>{t('variant.n', { name: variant.name })}</strong>
        <Button
          type="text"
          icon={<DeleteOutlined />}
          aria-label={t('variant.remove', { name: variant.name })}
          onClick={onRemove}
        />
      </div>
      <div className={styles.pair}>
        <Field label={t('variant.name')}>
          <Input value={variant.name} maxLength={30} onChange={({ target }) => onChange({ name: target.value })} />
        </Field>
        <Field label={t('variant.for')}>
          <Select<typeof kind>
            value={kind}
            options={(['everybody', 'audience', 'stores'] as const).map((one) => ({
              value: one,
              label: t(`for.${one}`),
            }))}
            onChange={(next) =>
              onChange({ for: next === 'everybody' ? null : next === 'audience' ? { audience: '' } : { stores: [] } })
            }
          />
        </Field>
        {variant.for === null && (
          <Field label={t('variant.share')}>
            <InputNumber
              className={styles.wide ?? ''}
              min={1}
              max={100}
              precision={0}
              value={variant.share}
              onChange={(next) => next !== null && onChange({ share: next })}
            />
          </Field>
        )}
        {variant.for !== null && 'audience' in variant.for && (
          <FieldGroup label={t('variant.audience')}>
            <ValueSelect
              kind="audience"
              label={t('variant.audience')}
              single
              value={variant.for.audience === '' ? [] : [variant.for.audience]}
              onChange={([audience]) => onChange({ for: { audience: audience ?? '' } })}
            />
          </FieldGroup>
        )}
        {variant.for !== null && 'stores' in variant.for && (
          <FieldGroup label={t('variant.stores')}>
            <StoresSelect
              label={t('variant.stores')}
              value={variant.for.stores}
              onChange={(stores) => onChange({ for: { stores } })}
            />
          </FieldGroup>
        )}
      </div>
      <span className={styles.quiet}>{t('variant.for.hint')}</span>
    </div>
  )
}

interface PartProps {
  variant: Variant
  onChange: (part: Partial<Variant>) => void
}

function TextField({
  variant,
  fault,
  text,
  check,
  onChange,
}: PartProps & { fault: string | undefined; text: Check['texts'][number] | undefined; check: Check | undefined }) {
  const t = useKindWords(words)
  const { content } = variant
  const put = (next: string) => onChange({ content: { ...content, text: next } })
  const used = Math.max(byteLength(content.text), text?.bytes ?? 0)
  const most = check?.text_limit_bytes ?? 4_000
  const mostChars = check?.text_limit_chars ?? null
  const chars = [...(text?.preview ?? content.text)].length
  const links = text?.tracked ?? []
  return (
    <>
      <Field label={t('content.text')} fault={fault}>
        <Input.TextArea
          value={content.text}
          autoSize={{ minRows: 6, maxRows: 16 }}
          onChange={({ target }) => put(target.value)}
        />
      </Field>
      <div className={styles.under}>
        <span className={styles.quiet}>{t('content.insert')}</span>
        {[brandMark, lessMark].map((mark) => (
          <Button key={mark} size="small" onClick={() => put(`${content.text}${mark}`)}>
            {mark}
          </Button>
        ))}
        <span className={used > most || (mostChars !== null && chars > mostChars) ? styles.over : styles.counter}>
          {mostChars !== null && `${t('content.chars', { used: exactCount(chars), most: exactCount(mostChars) })} · `}
          {t('content.bytes', { used: exactCount(used), most: exactCount(most) })}
        </span>
      </div>
      {links.length > 0 && <span className={styles.links}>{t('content.links', { links: listed(links) })}</span>}
    </>
  )
}
