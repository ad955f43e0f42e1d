import { phoneIndexOf } from '../../infra/secrets/phone.ts'
import type { Vault } from '../../infra/secrets/vault.ts'
import { checkValue, type Field, type FieldValue, type NamedIdentity } from '../customers/index.ts'
import { CellFault, dayTextOf, namesOf, numberOf, textOf } from './cells.ts'
import { customerOf } from './rows.ts'
import type { TagNames } from './tag-names.ts'

export interface CustomerRow {
  readonly identities: readonly NamedIdentity[]
  readonly name: string | undefined
  readonly phone: string | undefined
  readonly values: ReadonlyMap<Field, FieldValue>
  readonly tagIds: readonly string[]
  /** Keyed, over everything that the row says. */
  readonly digest: Buffer
}

export interface CustomerReading {
  readonly fields: ReadonlyMap<string, Field>
  readonly tags: TagNames
  readonly vault: Pick<Vault, 'blindIndex'>
}

/** What a row says of a person; throws a `CellFault` for the first cell that cannot be. */
export function readCustomer(
  cells: ReadonlyMap<string, string>,
  { fields, tags, vault }: CustomerReading,
): CustomerRow {
  const who = customerOf(cells)
  const identities = namedBy(who, vault)
  if (identities.length === 0) throw nobody()
  const name = cells.get('name')
  const values = new Map<Field, FieldValue>()
  for (const [id, cell] of cells) {
    const field = id.startsWith('field:') ? fields.get(id.slice('field:'.length)) : undefined
    if (field !== undefined) values.set(field, fieldValueOf(field, cell))
  }
  const tagIds = namesOf(cells.get('tags') ?? '').map((tag) => tags.find('tags', undefined, tag))
  return {
    identities,
    name: name === undefined ? undefined : textOf('name', name, 64),
    phone: who.phone ?? who.phone_typed,
    values,
    tagIds,
    digest: vault.blindIndex(`import ${JSON.stringify([...cells].sort(([a], [b]) => (a < b ? -1 : 1)))}`),
  }
}

/** Whom a row names; phone numbers only as fingerprints. */
export function namedBy(
  who: ReturnType<typeof customerOf>,
  vault: Pick<Vault, 'blindIndex'>,
): readonly NamedIdentity[] {
  const house = (['external_userid', 'unionid', 'member_no', 'phone', 'phone_typed', 'email'] as const).flatMap(
    (kind) => {
      const value = who[kind]
      if (value === undefined || value === '') return []
      return [{ kind, value: kind === 'phone' || kind === 'phone_typed' ? phoneIndexOf(vault, value) : value }]
    },
  )
  return [...house, ...(who.others ?? []).filter(({ value }) => value !== '')]
}

export function nobody(): CellFault {
  return new CellFault(
    'customer',
    {
      zh: '认不出是哪位客户：能认人的格都是空的',
      en: 'It names nobody: every cell that could tell who it is is empty',
    },
    { zh: '请补上手机号、会员号或其他标识', en: 'Fill in a phone number, a member number or another identity' },
  )
}

function fieldValueOf(field: Field, cell: string): FieldValue {
  const at = `field:${field.id}`
  const given =
    field.kind === 'number'
      ? numberOf(at, cell)
      : field.kind === 'date'
        ? dayTextOf(at, cell)
        : field.kind === 'choices'
          ? [...namesOf(cell)]
          : cell.trim()
  const checked = checkValue(field, given)
  if ('value' in checked) return checked.value
  throw new CellFault(
    at,
    { zh: `「${field.name}」${checked.fault.zh}`, en: `${field.name}: ${checked.fault.en}` },
    { zh: '请按字段的定义修改这一格', en: 'Mend the cell by what the field allows' },
  )
}
