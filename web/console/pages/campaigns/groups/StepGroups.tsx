import { Input, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { StaffPicker } from '../../../components/StaffPicker.tsx'
import { Field, FieldGroup } from '../../channels/Field.tsx'
import { members } from '../../organisation/StoreForm.tsx'
import type { GroupChoice } from '../campaign.ts'
import styles from '../campaigns.module.css'
import { NameFields, type StepProps } from '../StepWhom.tsx'
import { StoresSelect } from '../StoresSelect.tsx'
import { newGroups } from '../spec.rules.ts'
import { useMemberNames } from '../useMemberNames.ts'
import { GroupPick } from './GroupPick.tsx'
import { words } from './words.ts'

const joinedDays = [1, 3, 7, 14, 30, 90] as const
const ways = ['rule', 'list'] as const

/** What it is for and to which groups it is to go: all that fit conditions, or those of a list. */
export function StepGroups(props: StepProps) {
  const { spec, change, faultOf } = props
  const t = useWords(words)
  const groups = spec.groups ?? newGroups()
  const put = (part: Partial<GroupChoice>) => change({ spec: { groups: { ...groups, ...part } } })
  const [way, setWay] = useState<(typeof ways)[number]>(groups.chats.length > 0 ? 'list' : 'rule')
  const choose = (next: (typeof ways)[number]) => {
    const { owners, stores, name, joined_within_days, chats } = newGroups()
    setWay(next)
    put(next === 'list' ? { owners, stores, name, joined_within_days } : { chats })
  }
  return (
    <>
      <NameFields {...props} />
      <FieldGroup label={t('choose')} hint={t(`choose.${way}.hint`)} fault={faultOf('groups')}>
        <div className={styles.stack}>
          <div>
            <Segmented<(typeof ways)[number]>
              aria-label={t('choose')}
              value={way}
              options={ways.map((one) => ({ value: one, label: t(`choose.${one}`) }))}
              onChange={choose}
            />
          </div>
          {way === 'list' && <GroupPick value={groups.chats} onChange={(chats) => put({ chats })} />}
          {way === 'rule' && <Conditions groups={groups} put={put} />}
        </div>
      </FieldGroup>
    </>
  )
}

function Conditions({ groups, put }: { groups: GroupChoice; put: (part: Partial<GroupChoice>) => void }) {
  const t = useWords(words)
  const owners = useMemberNames(groups.owners)
  const days = groups.joined_within_days
  return (
    <div className={styles.pair}>
      <FieldGroup label={t('choose.owners')}>
        <StaffPicker
          label={t('choose.owners.add')}
          value={owners}
          source={members}
          onChange={(chosen) => put({ owners: chosen.map((one) => one.id) })}
        />
      </FieldGroup>
      <FieldGroup label={t('choose.stores')}>
        <StoresSelect label={t('choose.stores.any')} value={groups.stores} onChange={(stores) => put({ stores })} />
      </FieldGroup>
      <Field label={t('choose.name')}>
        <Input
          value={groups.name}
          maxLength={60}
          placeholder={t('choose.name.any')}
          onChange={({ target }) => put({ name: target.value })}
        />
      </Field>
      <Field label={t('choose.joined')}>
        <Select<number>
          value={days ?? 0}
          options={[
            { value: 0, label: t('choose.joined.any') },
            ...[...new Set([...joinedDays, days ?? 1])]
              .sort((a, b) => a - b)
              .map((count) => ({ value: count, label: t('choose.joined.days', { count }) })),
          ]}
          onChange={(count) => put({ joined_within_days: count === 0 ? null : count })}
        />
      </Field>
    </div>
  )
}
