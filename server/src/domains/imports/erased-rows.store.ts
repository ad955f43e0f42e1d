import type { Executor } from '../../infra/db/database.ts'
import type { Vault } from '../../infra/secrets/vault.ts'
import { erasedIds, type IdentityKinds, isStrong, kindsOf, type NamedIdentity } from '../customers/index.ts'
import type { RowFault } from './cells.ts'
import { rejected, type Unit, type UnitOutcome } from './taker.ts'

const erasedBefore: RowFault = {
  field: '',
  said: {
    zh: '这位客户的个人信息已按要求抹除，不能用导入带回来。',
    en: 'The personal data of this customer was erased on request: an import does not bring it back.',
  },
  hint: {
    zh: '请把这一行从来源系统和文件中删去；客户本人重新添加员工或再次下单时，会作为新客户出现。',
    en: 'Remove the row from the system that it comes from; when the person adds a member or orders again, he appears as somebody new.',
  },
}

/** A table says nothing of when: whoever was erased is not brought back by a row of him. Answers the others' rows. */
export async function withoutErased<T extends { unit: Unit; row: { identities: readonly NamedIdentity[] } }>(
  on: Executor,
  vault: Pick<Vault, 'blindIndex'>,
  corpId: number,
  sound: readonly T[],
  outcomes: Map<Unit, UnitOutcome>,
): Promise<readonly T[]> {
  const kinds = await kindsOf(on, corpId)
  const values = new Set(sound.flatMap(({ row }) => namesOf(row.identities, kinds)))
  const erased = await erasedIds(on, vault, corpId, [...values])
  if (erased.size === 0) return sound
  const isErased = ({ row }: T) => namesOf(row.identities, kinds).some((value) => erased.has(value))
  for (const { unit } of sound.filter(isErased)) outcomes.set(unit, rejected(erasedBefore))
  return sound.filter((one) => !isErased(one))
}

/** Whom the row is of. A number that somebody typed may be that of a family: beside anything better it says nothing. */
function namesOf(identities: readonly NamedIdentity[], kinds: IdentityKinds): readonly string[] {
  const proved = identities.filter(({ kind }) => isStrong(kinds, kind))
  return (proved.length > 0 ? proved : identities).map(({ value }) => value)
}
