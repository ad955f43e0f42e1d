import type { z } from 'zod'
import type { Said } from '../../../infra/errors.ts'

/** Rows in the shapes of /v1, by kind; what does not fit them is refused row by row when they are taken. */
export interface Facts {
  readonly orders?: readonly unknown[]
  readonly products?: readonly unknown[]
  readonly members?: readonly unknown[]
  readonly events?: readonly unknown[]
}

export interface Pulled {
  readonly facts: Facts
  /** Where the next pull goes on. */
  readonly cursor: string | null
  /** There is more at once. */
  readonly more: boolean
}

/** What of our own a connector may ask for, so that it names only what we know. */
export interface Known {
  /** Codes of stores by the departments that they are. */
  storesOf(departmentIds: readonly number[]): Promise<ReadonlyMap<number, string>>
  /** Which of these are members of staff. */
  staffOf(userids: readonly string[]): Promise<ReadonlySet<string>>
}

export interface PullContext extends Known {
  readonly cursor: string | null
  /** Machine time. */
  readonly now: Date
  /** Of the brand's clock: what facts without a time of their own are told at. */
  readonly brandNow: Date
  /** The folder that is this connector's own, below DATA_DIR. */
  readonly folder: string
  readonly fetch: typeof fetch
}

export interface Received extends Known {
  readonly headers: { get(name: string): string | undefined }
  readonly body: string
  readonly secret: string
  /** Of the brand's clock, which a sandbox may turn. */
  readonly now: Date
  /** Of the machine's: what other systems sign by. */
  readonly machineNow: Date
}

interface Described<Config> {
  readonly kind: string
  readonly name: Said
  readonly config: z.ZodType<Config>
  /** Somebody puts files into the connector's own folder: its page says where that is. */
  readonly hasFolder?: boolean
  /** Between two pulls. Machine time. */
  readonly everyMs?: number
  /** Reads on from the cursor. What it throws is shown on the page and tried again later. */
  pull?(config: Config, context: PullContext): Promise<Pulled>
  /** Reads what the other system posted; throws `BadSignature` when it is not from there. */
  receive?(config: Config, received: Received): Promise<Facts>
}

/** One kind of other system, given its settings as they are stored. */
export interface Connector {
  readonly kind: string
  readonly name: Said
  readonly hasFolder: boolean
  readonly everyMs: number
  /** Throws a ZodError when these are no settings of it. */
  check(settings: unknown): void
  readonly pull: ((settings: unknown, context: PullContext) => Promise<Pulled>) | undefined
  readonly receive: ((settings: unknown, received: Received) => Promise<Facts>) | undefined
}

/** How one kind of other system is read. A connector is one folder whose `index.ts` gives one of these. */
export function connector<Config>(described: Described<Config>): Connector {
  const { kind, name, config, hasFolder = false, everyMs = 30_000 } = described
  const { pull, receive } = described
  return {
    ...{ kind, name, hasFolder, everyMs },
    check: (settings) => void config.parse(settings),
    pull: pull && ((settings, context) => pull(config.parse(settings), context)),
    receive: receive && ((settings, received) => receive(config.parse(settings), received)),
  }
}

export class BadSignature extends Error {}

/** An error of a connector in words for the page. */
export class ConnectorFault extends Error {
  readonly said: Said
  constructor(said: Said, cause?: unknown) {
    super(said.en, { cause })
    this.said = said
  }
}
