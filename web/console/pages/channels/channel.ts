import { api, ask } from '#shared/api/client.ts'
import type { components, paths } from '#shared/api/schema.gen.ts'
import type { StaffSource } from '../../components/staff.rules.ts'

export type ChannelRow = components['schemas']['ChannelRow']
export type ChannelDetail = components['schemas']['ChannelDetail']
export type ChannelInput = components['schemas']['ChannelInput']
export type ChannelMember = components['schemas']['ChannelMember']
export type ChannelDesk = components['schemas']['ChannelDesk']
export type ChannelPlace = components['schemas']['ChannelPlace']

export const kinds = ['qr', 'landing', 'link'] as const
export const strictStrategies = ['round_robin', 'sequential', 'weighted', 'least_loaded'] as const
export const listPath = '/acquisition/channels'

export const channelKey = (id: string) => ['channels', 'one', id]

export const readPlaces = () => ask(api.GET('/api/channels/places')).then((answer) => answer.items)

/** Whom a channel can be given to: the server searches by name, account and pinyin, and says who cannot take anybody. */
export const candidates: StaffSource = {
  key: 'channels',
  groups: async () => (await readPlaces()).map(({ kind, ref, name, depth }) => ({ id: `${kind}:${ref}`, name, depth })),
  staff: async ({ q, group }) => {
    const [kind, ref] = (group ?? '').split(':')
    const { items } = await ask(
      api.GET('/api/channels/candidates', {
        params: {
          query: {
            q,
            ...(kind === 'department' ? { department: Number(ref) } : {}),
            ...(kind === 'store' && ref !== undefined ? { store: ref } : {}),
          },
        },
      }),
    )
    return items.map(({ userid, name, place, unavailable }) => ({
      id: userid,
      name,
      ...(place === null ? {} : { place }),
      ...(unavailable === null ? {} : { unavailable }),
    }))
  },
}

export interface RowState {
  key: 'active' | 'stopped' | 'making' | 'pending' | 'problem'
  colour: string
}

/** What the list says of a channel first: a problem before work under way before plain use. */
export function rowState(row: Pick<ChannelRow, 'status' | 'ready' | 'problem' | 'pending_since'>): RowState {
  if (row.status !== 'active') return { key: 'stopped', colour: 'default' }
  if (row.problem !== null) return { key: 'problem', colour: 'error' }
  if (!row.ready) return { key: 'making', colour: 'processing' }
  if (row.pending_since !== null) return { key: 'pending', colour: 'processing' }
  return { key: 'active', colour: 'success' }
}

type ListQuery = NonNullable<paths['/api/channels']['get']['parameters']['query']>

/** The list's filters from the address; a value that is none of the choices is left out. */
export function listQuery(url: Readonly<Record<string, string>>, cursor?: string): ListQuery {
  const { q, group } = url
  const kind = kinds.find((one) => one === url['kind'])
  const status = (['active', 'stopped'] as const).find((one) => one === url['status'])
  return {
    ...(q === undefined ? {} : { q }),
    ...(group === undefined ? {} : { group }),
    ...(kind === undefined ? {} : { kind }),
    ...(status === undefined ? {} : { status }),
    ...(url['problem'] === 'yes' ? { problem: 'yes' as const } : {}),
    ...(cursor === undefined ? {} : { cursor }),
  }
}

/** Names of groups in use. */
export const readGroups = () =>
  ask(api.GET('/api/channels', { params: { query: { limit: 1 } } })).then((page) => page.groups)
