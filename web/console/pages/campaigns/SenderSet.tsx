import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { Field } from '../channels/Field.tsx'
import { type DraftSpec, senderSetsKey } from './campaign.ts'
import { useKindWords } from './kind.ts'
import { words } from './wizard.words.ts'

/** Through which set of members it goes, if not through anybody. */
export function SenderSet({ spec, put }: { spec: DraftSpec; put: (part: Partial<DraftSpec>) => void }) {
  const t = useKindWords(words)
  const sets = useQuery({ queryKey: senderSetsKey, queryFn: () => ask(api.GET('/api/sender-sets')) })
  return (
    <Field label={t('senders.set')} hint={t('senders.any.how')}>
      <Select<string>
        value={spec.senders.set ?? ''}
        loading={sets.isPending}
        options={[
          { value: '', label: t('senders.any') },
          ...(sets.data?.items ?? []).map((set) => ({ value: set.id, label: set.name })),
        ]}
        onChange={(set) => put({ senders: { ...spec.senders, set: set === '' ? null : set } })}
      />
    </Field>
  )
}
