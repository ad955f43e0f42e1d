import { v7 as uuid } from 'uuid'
import type { Actor } from '../../../infra/auth/actor.ts'
import { rolesWith } from '../../../infra/auth/actor.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { AppError } from '../../../infra/errors.ts'
import { insertCode } from '../codes/code.store.ts'
import type { ChannelInput } from './channel.schema.ts'
import { insertChannel } from './channel.store.ts'
import { newState } from './channel.ts'
import { allInScope } from './channel-view.store.ts'

export interface MadeChannel {
  readonly id: string
  readonly state: string
  readonly code: string
}

/** Makes a channel; its code at the platform follows by the upkeep. */
export async function makeChannel(
  tx: Tx,
  corpId: number,
  input: ChannelInput,
  createdBy: string,
  at: Date,
  /** Of a code that stood at the platform already. */
  state: string = newState(),
): Promise<MadeChannel> {
  const made = { id: uuid(), state, code: newState() }
  await insertChannel(tx, { ...made, corpId, createdBy, input }, at)
  if (input.kind !== 'landing') {
    const kind = input.kind === 'link' ? 'link' : 'contact_way'
    await insertCode(tx, { corpId, channelId: made.id, kind, userid: '', state: made.state }, at)
  }
  return made
}

/** An actor with a part of the corp in view puts only people of that part behind a code. */
export async function refuseStrangers(on: Executor, actor: Actor, userids: readonly string[]): Promise<void> {
  if (await allInScope(on, actor, userids)) return
  throw new AppError(
    'forbidden',
    {
      zh: '所选员工中有人不在你的数据范围内。',
      en: 'Some of the chosen staff lie outside your data scope.',
    },
    {
      hint: {
        zh: '只选你管辖的员工、部门或门店，或请全企业范围的同事来建。',
        en: 'Choose staff, departments or stores of yours, or ask a colleague with the whole corp in view.',
      },
      details: { permission: 'channels.write', roles: rolesWith('channels.write') },
    },
  )
}
