import type { customerRef } from '@nuanyu/client/shapes'
import type { z } from 'zod'
import { phoneIndexOf } from '../../infra/secrets/phone.ts'
import type { Vault } from '../../infra/secrets/vault.ts'
import type { NamedIdentity } from '../customers/index.ts'
import { type Fault, faults } from './faults.ts'

type Ref = z.output<typeof customerRef>

/** What a row says of who he is, as identities; phone numbers only as fingerprints. */
export function identitiesOf(ref: Ref | null | undefined, vault: Pick<Vault, 'blindIndex'>): readonly NamedIdentity[] {
  if (!ref) return []
  const named: NamedIdentity[] = []
  const add = (kind: string, value: string | null | undefined) => {
    if (value !== null && value !== undefined && value !== '') named.push({ kind, value })
  }
  add('external_userid', ref.external_userid)
  add('unionid', ref.unionid)
  if (ref.openid) add(`openid:${ref.openid.appid}`, ref.openid.openid)
  add('member_no', ref.member_no)
  if (ref.phone) add('phone', phoneIndexOf(vault, ref.phone))
  if (ref.phone_typed) add('phone_typed', phoneIndexOf(vault, ref.phone_typed))
  add('email', ref.email?.trim().toLowerCase())
  for (const { kind, value } of ref.others ?? []) add(kind, value)
  return named
}

const most = 8

/** Why nobody can be told from these; `isKnown` says which kinds the house and the brand have. */
export function identityFault(
  identities: readonly NamedIdentity[],
  isKnown: (kind: string) => boolean,
): Fault | undefined {
  if (identities.length === 0) return faults.nobody()
  if (identities.length > most) return faults.tooManyIdentities()
  const unknown = identities.find(({ kind }) => !isKnown(kind))
  return unknown === undefined ? undefined : faults.unknownKind(unknown.kind)
}
