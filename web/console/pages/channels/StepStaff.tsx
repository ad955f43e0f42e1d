import { DeleteOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, InputNumber, Select } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import { StaffPicker } from '../../components/StaffPicker.tsx'
import type { StaffOption } from '../../components/staff.rules.ts'
import type { StepProps } from './ChannelWizard.tsx'
import {
  type ChannelInput,
  type ChannelMember,
  type ChannelPlace,
  candidates,
  readPlaces,
  strictStrategies,
} from './channel.ts'
import { words as detailWords } from './channel.words.ts'
import styles from './channels.module.css'
import { Field, FieldGroup } from './Field.tsx'
import { keyOf, withMembers } from './wizard.rules.ts'
import { words } from './wizard.words.ts'
import { words as listWords } from './words.ts'

export function StepStaff({ draft, change, faultOf }: StepProps) {
  const t = useWords(words)
  const tDetail = useWords(detailWords)
  const tList = useWords(listWords)
  const { input, names } = draft
  const places = useQuery({ queryKey: ['channels', 'places'], queryFn: readPlaces })
  const nameOf = (member: Pick<ChannelMember, 'kind' | 'ref'>) =>
    names[keyOf(member)] ??
    places.data?.find((place) => place.kind === member.kind && place.ref === member.ref)?.name ??
    member.ref
  const set = (part: Partial<ChannelInput>) => change((before) => ({ ...before, input: { ...before.input, ...part } }))
  const asOptions = (members: readonly ChannelMember[]): StaffOption[] =>
    members.filter((member) => member.kind === 'staff').map((member) => ({ id: member.ref, name: nameOf(member) }))
  const choose = (field: 'members' | 'spares', people: readonly StaffOption[], placeKeys: readonly string[]) =>
    change((before) => {
      const members = [...people.map((one) => ({ kind: 'staff' as const, ref: one.id })), ...placeKeys.map(placeOf)]
      const named = { ...before.names, ...Object.fromEntries(people.map((one) => [`staff:${one.id}`, one.name])) }
      for (const key of placeKeys)
        named[key] = places.data?.find((place) => `${place.kind}:${place.ref}` === key)?.name ?? named[key] ?? key
      const next =
        field === 'members'
          ? withMembers(before.input, members)
          : { ...before.input, spares: members.map((member) => ({ ...member, weight: 1, daily_limit: null })) }
      return { input: next, names: named }
    })
  const placeKeys = (members: readonly ChannelMember[]) =>
    members.filter((member) => member.kind !== 'staff').map(keyOf)
  const patch = (key: string, part: Partial<ChannelMember>) =>
    set({ members: input.members.map((member) => (keyOf(member) === key ? { ...member, ...part } : member)) })
  const stores = (places.data ?? []).filter((place) => place.kind === 'store')
  return (
    <>
      <FieldGroup label={t('field.members')} fault={faultOf('members')}>
        <StaffPicker
          label={t('field.members')}
          value={asOptions(input.members)}
          source={candidates}
          onChange={(people) => choose('members', people, placeKeys(input.members))}
        />
      </FieldGroup>
      <Field label={t('field.places')} hint={t('field.places.hint')}>
        <PlaceSelect
          places={places.data ?? []}
          value={placeKeys(input.members)}
          onChange={(keys) => choose('members', asOptions(input.members), keys)}
        />
      </Field>
      {input.members.length > 0 && (
        <table className={styles.members}>
          <thead>
            <tr>
              <th scope="col">{tDetail('detail.staff')}</th>
              {input.strategy === 'weighted' && <th scope="col">{t('member.weight')}</th>}
              <th scope="col">{t('member.limit')}</th>
              <th scope="col" aria-label={tList('column.actions')} />
            </tr>
          </thead>
          <tbody>
            {input.members.map((member) => (
              <tr key={keyOf(member)}>
                <td>{nameOf(member)}</td>
                {input.strategy === 'weighted' && (
                  <td>
                    <InputNumber
                      min={1}
                      max={1000}
                      value={member.weight}
                      aria-label={`${nameOf(member)} ${t('member.weight')}`}
                      onChange={(weight) => patch(keyOf(member), { weight: weight ?? 1 })}
                    />
                  </td>
                )}
                <td>
                  <InputNumber
                    min={1}
                    max={10_000}
                    value={member.daily_limit}
                    placeholder={t('member.limit.none')}
                    aria-label={`${nameOf(member)} ${t('member.limit')}`}
                    onChange={(limit) => patch(keyOf(member), { daily_limit: limit })}
                  />
                </td>
                <td className={styles.last}>
                  <Button
                    type="text"
                    size="small"
                    icon={<DeleteOutlined />}
                    aria-label={t('member.remove', { name: nameOf(member) })}
                    onClick={() =>
                      change((before) => ({
                        ...before,
                        input: withMembers(
                          before.input,
                          before.input.members.filter((one) => keyOf(one) !== keyOf(member)),
                        ),
                      }))
                    }
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {input.kind === 'landing' ? (
        <Field label={t('field.strategy')} fault={faultOf('strategy')}>
          <Select
            className={styles.wide}
            value={input.strategy}
            options={strictStrategies.map((one) => ({ value: one, label: t(`strategy.${one}`) }))}
            onChange={(strategy) => set({ strategy })}
          />
        </Field>
      ) : (
        <Alert
          className={styles.notice}
          type="info"
          showIcon
          title={t('strategy.platform')}
          description={t('strategy.platform.note')}
        />
      )}
      <FieldGroup label={t('field.spares')} hint={t('field.spares.hint')} fault={faultOf('spares')}>
        <StaffPicker
          label={t('field.spares')}
          value={asOptions(input.spares)}
          source={candidates}
          onChange={(people) => choose('spares', people, placeKeys(input.spares))}
        />
      </FieldGroup>
      <Field label={t('field.store')} hint={t('field.store.hint')}>
        <Select
          className={styles.wide}
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          value={input.store_id}
          options={stores.map((store) => ({ value: store.ref, label: store.name }))}
          onChange={(id: string | undefined) => set({ store_id: id ?? null })}
        />
      </Field>
    </>
  )
}

function placeOf(key: string): { kind: 'department' | 'store'; ref: string } {
  const [kind = '', ref = ''] = key.split(':')
  return { kind: kind === 'store' ? 'store' : 'department', ref }
}

function PlaceSelect({
  places,
  value,
  onChange,
  ...rest
}: {
  places: readonly ChannelPlace[]
  value: string[]
  onChange: (keys: string[]) => void
  id?: string
}) {
  const tList = useWords(listWords)
  return (
    <Select<string[]>
      className={styles.wide}
      {...rest}
      mode="multiple"
      value={value}
      showSearch={{ optionFilterProp: 'label' }}
      options={places.map((place) => ({
        value: `${place.kind}:${place.ref}`,
        // a store and its department often have the same name
        label: `${'　'.repeat(place.depth)}${place.kind === 'store' ? `${tList('column.store')} · ` : ''}${place.name}（${place.staff}）`,
      }))}
      onChange={onChange}
    />
  )
}
