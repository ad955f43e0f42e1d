import { z } from 'zod'
import type { Settings } from '../admin/schema.settings.ts'
import type { CallbackConfig } from '../admin/schema.ts'
import type { CardsState } from '../cards.ts'
import type { TokenState } from '../http/tokens.ts'
import type { RoomState } from '../people/chats.ts'
import type { ReachState } from '../reach/reach.ts'
import type { DayState } from '../statistics.ts'
import type { WeixinState } from '../weixin/weixin.ts'
import type { CodesState } from '../world/codes.ts'
import type { CustomersState } from '../world/customers.ts'
import type { Department } from '../world/departments.ts'
import type { GroupState } from '../world/groups.ts'
import type { MediaState } from '../world/media.ts'
import type { RelationsState } from '../world/relations.ts'
import type { StaffState } from '../world/staff.ts'
import type { TagGroup } from '../world/tags.ts'
import type { GroupWelcomeTemplate } from '../world/templates.ts'

/** Everything that is not computed from the seed: what a sandbox needs to go on where it stopped. */
export interface State {
  readonly format: typeof FORMAT
  readonly seed: string
  readonly size: { readonly staff: number; readonly people: number; readonly relations: number }
  /** The second the world was made for: seeded dates hang on it. */
  readonly madeAtS: number
  readonly nowMs: number
  readonly ids: { readonly world: number; readonly secrets: number }
  readonly tokens: readonly TokenState[]
  readonly settings: Settings
  readonly callbacks: Readonly<Record<string, CallbackConfig>>
  readonly customers: CustomersState
  readonly staff: StaffState
  readonly departments: readonly Department[]
  readonly relations: RelationsState
  readonly tags: readonly TagGroup[]
  readonly codes: CodesState
  readonly groups: readonly GroupState[]
  readonly templates: readonly GroupWelcomeTemplate[]
  readonly media: MediaState
  readonly rooms: readonly RoomState[]
  readonly days: readonly DayState[]
  /** Not in files from before there was any. */
  readonly weixin?: WeixinState
  /** Not in files from before there was any. */
  readonly reach?: ReachState
  /** The same. */
  readonly cards?: CardsState
}

/** Raised when the shape changes: an older file is set aside, not misread. */
export const FORMAT = 2

const Head = z.looseObject({
  format: z.literal(FORMAT),
  seed: z.string(),
  size: z.object({ staff: z.number(), people: z.number(), relations: z.number() }),
  madeAtS: z.number(),
  nowMs: z.number(),
})

/** Reads a state of this format and of this world; undefined for any other. The rest of the file is ours and trusted. */
export function parseState(text: string, seed: string, size: State['size']): State | undefined {
  const value = parseJson(text)
  const head = Head.safeParse(value)
  if (!head.success || head.data.seed !== seed) return undefined
  const same = (['staff', 'people', 'relations'] as const).every((key) => head.data.size[key] === size[key])
  return same ? (value as State) : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
