import { useQuery } from '@tanstack/react-query'
import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { audiencesKey } from './audiences.ts'
import { Bounds, Choice, type LeafProps, textsOf } from './controls.tsx'
import { words } from './rule.words.ts'
import { type Leaf, withPart } from './ruleTree.ts'
import { ValueSelect } from './ValueSelect.tsx'

type Test = 'choice' | 'known' | 'number' | 'date' | 'ago'

/** How a field of each kind can be compared, the most natural first. */
const tests: Readonly<Record<string, readonly Test[]>> = {
  choice: ['choice', 'known'],
  choices: ['choice', 'known'],
  number: ['number', 'known'],
  date: ['ago', 'date', 'known'],
}

/** A condition over a custom field: what can be asked depends on its kind. */
export function FieldLeaf({ leaf, onChange }: LeafProps) {
  const t = useWords(words)
  const field = typeof leaf['field'] === 'string' ? leaf['field'] : ''
  const { data } = useQuery({
    queryKey: [...audiencesKey, 'field', field],
    queryFn: () => ask(api.GET('/api/audience-values', { params: { query: { kind: 'field', ids: [field] } } })),
    enabled: field !== '',
    staleTime: 60_000,
  })
  const kind = data?.items.find((one) => one.id === field)?.about ?? ''
  const possible = tests[kind] ?? ['known']
  const empty = (is: Test, id: string): Leaf => ({ is, field: id, ...(is === 'choice' ? { any: [] } : {}) })
  return (
    <>
      <ValueSelect
        kind="field"
        single
        label={t('choose.field')}
        value={field === '' ? [] : [field]}
        onChange={([id], about) => onChange(empty(tests[about ?? '']?.[0] ?? 'known', id ?? ''))}
      />
      {field !== '' && (
        <Choice<Test>
          label={t('field.test')}
          value={leaf.is}
          options={possible.map((test) => ({ value: test, label: t(`field.${test}`) }))}
          onChange={(test) => onChange(empty(test, field))}
        />
      )}
      {leaf.is === 'choice' && (
        <ValueSelect
          kind="choice"
          label={t('choose.choice')}
          about={field}
          idOf={(id) => id.slice(field.length + 1)}
          value={textsOf(leaf['any'])}
          onChange={(any) => onChange(withPart(leaf, 'any', any))}
        />
      )}
      {leaf.is === 'number' && <Bounds leaf={leaf} onChange={onChange} unit={1} decimals={2} />}
      {leaf.is === 'ago' && <Bounds leaf={leaf} onChange={onChange} unit={1} />}
      {leaf.is === 'date' &&
        (['from', 'to'] as const).map((key) => (
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
