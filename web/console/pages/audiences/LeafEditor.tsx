import { DatePicker, InputNumber } from 'antd'
import dayjs from 'dayjs'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { useNow } from '../../lib/businessClock.ts'
import { sourceWords, tagSources } from '../tags/source.words.ts'
import styles from './audiences.module.css'
import { Bounds, Choice, type LeafProps, numberOf, textOf, textsOf } from './controls.tsx'
import { FieldLeaf } from './FieldLeaf.tsx'
import { type RuleWords, words } from './rule.words.ts'
import { kindOf, lastDays, withPart } from './ruleTree.ts'
import { ValueSelect } from './ValueSelect.tsx'

/** The controls of one condition, by its kind. */
export function LeafEditor(props: LeafProps) {
  const { leaf, onChange, self } = props
  const t = useWords(words)
  const sourceText = useWords(sourceWords)
  const kind = kindOf(leaf)
  switch (kind) {
    case 'tags':
      return (
        <>
          <Choice
            label={t('mode')}
            value={leaf['mode']}
            options={(['any', 'all', 'none'] as const).map((mode) => ({ value: mode, label: t(`mode.${mode}`) }))}
            onChange={(mode) => onChange(withPart(leaf, 'mode', mode))}
          />
          <ValueSelect
            kind="tag"
            label={t('choose.tag')}
            value={textsOf(leaf['tags'])}
            onChange={(tags) => onChange(withPart(leaf, 'tags', tags))}
          />
          <Choice
            label={t('tag.source')}
            value={leaf['source'] ?? 'any'}
            options={[
              { value: 'any', label: t('source.any') },
              ...tagSources.map((source) => ({ value: source, label: sourceText(source) })),
            ]}
            onChange={(source) => onChange(withPart(leaf, 'source', source === 'any' ? undefined : source))}
          />
        </>
      )
    case 'stage':
    case 'tier':
    case 'group':
      return (
        <ValueSelect
          kind={kind}
          label={t(`choose.${kind}`)}
          value={textsOf(leaf['any'])}
          onChange={(any) => onChange(withPart(leaf, 'any', any))}
        />
      )
    case 'identity':
      return (
        <ValueSelect
          kind="identity"
          label={t('choose.identity')}
          nameOf={(id) => identityName(t, id)}
          value={textsOf(leaf['any'])}
          onChange={(any) => onChange(withPart(leaf, 'any', any))}
        />
      )
    case 'wish':
      return (
        <Choice
          label={t('choose.wish')}
          value={leaf['wish']}
          options={(['less', 'none', 'impersonal'] as const).map((wish) => ({ value: wish, label: t(`wish.${wish}`) }))}
          onChange={(wish) => onChange(withPart(leaf, 'wish', wish))}
        />
      )
    case 'account':
      return <AccountLeaf {...props} />
    case 'stock':
      return (
        <>
          <ValueSelect
            kind="product"
            single
            label={t('choose.stock')}
            value={[textOf(leaf['product']) ?? ''].filter((id) => id !== '')}
            onChange={([id]) => onChange(withPart(leaf, 'product', id ?? ''))}
          />
          <Choice
            label={t('stock.where')}
            value={leaf['where']}
            options={(['own', 'anywhere'] as const).map((where) => ({ value: where, label: t(`stock.${where}`) }))}
            onChange={(where) => onChange(withPart(leaf, 'where', where))}
          />
        </>
      )
    case 'audience':
    case 'list':
      return (
        <ValueSelect
          kind={kind}
          single
          label={t(`choose.${kind}`)}
          without={self}
          value={[textOf(leaf['id']) ?? ''].filter((id) => id !== '')}
          onChange={([id]) => onChange(withPart(leaf, 'id', id ?? ''))}
        />
      )
    case 'relation':
      return <RelationLeaf {...props} />
    case 'orders':
      return <OrdersLeaf {...props} />
    case 'events':
      return <EventsLeaf {...props} />
    case 'field':
      return <FieldLeaf {...props} />
    case undefined:
      return null
  }
}

const identityKinds = ['member_no', 'phone', 'unionid', 'openid', 'email'] as const

/** A kind that every brand has goes by our words, one that the brand declared by its own. */
function identityName(t: Say<RuleWords>, id: string): string | undefined {
  const known = identityKinds.find((kind) => kind === id)
  return known && t(`identity.${known}`)
}

/** An Official Account is followed or left, a mini program is opened or registered in. */
function AccountLeaf({ leaf, onChange }: LeafProps) {
  const t = useWords(words)
  const states = ['followed', 'left', 'opened', 'member'] as const
  return (
    <>
      <ValueSelect
        kind="account"
        single
        label={t('choose.account')}
        value={[textOf(leaf['account']) ?? ''].filter((id) => id !== '')}
        onChange={([id], about) =>
          onChange({
            ...withPart(leaf, 'account', id ?? ''),
            ...(about === 'mini_program' && !['opened', 'member'].includes(String(leaf['state']))
              ? { state: 'opened' }
              : {}),
            ...(about === 'official_account' && !['followed', 'left'].includes(String(leaf['state']))
              ? { state: 'followed' }
              : {}),
          })
        }
      />
      <Choice
        label={t('account.state')}
        value={leaf['state']}
        options={states.map((state) => ({ value: state, label: t(`account.${state}`) }))}
        onChange={(state) => onChange(withPart(leaf, 'state', state))}
      />
    </>
  )
}

function RelationLeaf({ leaf, onChange }: LeafProps) {
  const t = useWords(words)
  const whom = (['staff', 'department', 'store', 'channel'] as const).find((one) => one === leaf['by'])
  return (
    <>
      <Choice
        label={t('by')}
        value={leaf['by']}
        options={(['anyone', 'staff', 'department', 'store', 'channel'] as const).map((by) => ({
          ...{ value: by, label: t(`by.${by}`) },
        }))}
        onChange={(by) => onChange(withPart(withPart(leaf, 'by', by), 'any', []))}
      />
      {whom && (
        <ValueSelect
          kind={whom}
          label={t(`choose.${whom}`)}
          value={textsOf(leaf['any'])}
          onChange={(any) => onChange(withPart(leaf, 'any', any))}
        />
      )}
      <Choice
        label={t('state')}
        value={leaf['state']}
        options={(['alive', 'ended', 'ever'] as const).map((state) => ({ value: state, label: t(`state.${state}`) }))}
        onChange={(state) => onChange(withPart(leaf, 'state', state))}
      />
      <InputNumber
        className={styles.number ?? ''}
        aria-label={t('since.days')}
        placeholder={t('since.days')}
        min={0}
        max={3_660}
        precision={0}
        value={numberOf(leaf['sinceDays'])}
        onChange={(days) => onChange(withPart(leaf, 'sinceDays', days))}
      />
      {(['sinceFrom', 'sinceTo'] as const).map((key) => (
        <DatePicker
          key={key}
          aria-label={t(`${key}.date`)}
          placeholder={t(`${key}.date`)}
          value={typeof leaf[key] === 'string' ? dayjs(leaf[key]) : null}
          onChange={(day) => onChange(withPart(leaf, key, day?.format('YYYY-MM-DD')))}
        />
      ))}
    </>
  )
}

function OrdersLeaf({ leaf, onChange }: LeafProps) {
  const t = useWords(words)
  const narrowed = (
    key: 'product' | 'category' | 'store' | 'channel',
    kind: 'product' | 'category' | 'store' | 'order_channel',
    label: string,
  ) => (
    <ValueSelect
      kind={kind}
      single
      label={label}
      value={textsOf([leaf[key]])}
      onChange={([id]) => onChange(withPart(leaf, key, id))}
    />
  )
  const money = leaf['measure'] === 'sum' || leaf['measure'] === 'average'
  return (
    <>
      <Choice
        label={t('measure')}
        value={leaf['measure']}
        options={(['count', 'sum', 'average', 'recency'] as const).map((measure) => ({
          ...{ value: measure, label: t(`measure.${measure}`) },
        }))}
        onChange={(measure) =>
          onChange({
            ...withPart(withPart(leaf, 'to', undefined), 'measure', measure),
            ...(measure === 'recency' ? { to: 30, from: undefined } : { from: measure === 'count' ? 1 : 10_000 }),
          })
        }
      />
      <WindowEdit leaf={leaf} onChange={onChange} />
      <Bounds leaf={leaf} onChange={onChange} unit={money ? 100 : 1} />
      {narrowed('product', 'product', t('choose.product'))}
      {narrowed('category', 'category', t('choose.category'))}
      {narrowed('store', 'store', t('choose.order.store'))}
      {narrowed('channel', 'order_channel', t('choose.order_channel'))}
    </>
  )
}

function EventsLeaf({ leaf, onChange }: LeafProps) {
  const t = useWords(words)
  return (
    <>
      <ValueSelect
        kind="event"
        single
        label={t('choose.event')}
        value={[textOf(leaf['name']) ?? ''].filter((name) => name !== '')}
        onChange={([name]) => onChange(withPart(leaf, 'name', name ?? ''))}
      />
      <Choice
        label={t('measure')}
        value={leaf['measure']}
        options={(['count', 'recency'] as const).map((measure) => ({ value: measure, label: t(`times.${measure}`) }))}
        onChange={(measure) => onChange(withPart(leaf, 'measure', measure))}
      />
      <WindowEdit leaf={leaf} onChange={onChange} />
      <Bounds leaf={leaf} onChange={onChange} unit={1} />
    </>
  )
}

const windowKinds = ['ever', 'days', 'periods', 'dates'] as const

function WindowEdit({ leaf, onChange }: LeafProps) {
  const t = useWords(words)
  const window = Object(leaf['window'])
  const kind =
    leaf['window'] === undefined ? 'ever' : 'from' in window ? 'dates' : 'periods' in window ? 'periods' : 'days'
  const change = (next: unknown) => onChange(withPart(leaf, 'window', next))
  const now = useNow()
  return (
    <>
      <Choice
        label={t('window')}
        value={kind}
        options={windowKinds.map((one) => ({ value: one, label: t(`window.${one}`) }))}
        onChange={(next) =>
          change(
            {
              ...{ ever: undefined, days: { days: 90 }, periods: { periods: 3 } },
              dates: lastDays(now),
            }[next],
          )
        }
      />
      {(kind === 'days' || kind === 'periods') && (
        <InputNumber
          className={styles.small ?? ''}
          aria-label={t('window.number')}
          min={1}
          max={kind === 'days' ? 3_660 : 12}
          precision={0}
          value={numberOf(window[kind])}
          onChange={(value) => value !== null && change({ [kind]: value })}
        />
      )}
      {kind === 'dates' && (
        <DatePicker.RangePicker
          aria-label={t('window.dates')}
          allowClear={false}
          value={[dayjs(window['from']), dayjs(window['to'])]}
          onChange={(_, days) => days?.[0] && days[1] && change({ from: days[0], to: days[1] })}
        />
      )}
    </>
  )
}
