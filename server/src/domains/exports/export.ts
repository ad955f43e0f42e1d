import type { Actor } from '../../infra/auth/actor.ts'

export const exportFormats = ['csv', 'xlsx'] as const
export type ExportFormat = (typeof exportFormats)[number]

export const exportStates = [
  'asked',
  'waiting',
  'running',
  'ready',
  'refused',
  'expired',
  'failed',
  'cancelled',
] as const
export type ExportState = (typeof exportStates)[number]

/** What a rule of approval is told. */
export interface ApprovalAsk {
  readonly kind: string
  readonly personal: boolean
  readonly rows: number | undefined
  readonly actor: Actor
}

/** Whether a second person has to agree before it is written. */
export type ApprovalRule = (ask: ApprovalAsk) => Promise<boolean>

/** Where each state leads; a file that is there ends by itself. */
export const leadsTo: Readonly<Record<ExportState, readonly ExportState[]>> = {
  asked: ['running', 'cancelled', 'failed'],
  waiting: ['asked', 'refused', 'expired', 'cancelled'],
  running: ['ready', 'failed', 'cancelled'],
  ready: ['expired'],
  refused: [],
  expired: [],
  failed: [],
  cancelled: [],
}

/** States from which `to` is reached. */
export function statesBefore(to: ExportState): readonly ExportState[] {
  return exportStates.filter((from) => leadsTo[from].includes(to))
}

/** A name for the file: what a person calls it and the day, without what file systems refuse. */
export function fileNameOf(title: string, day: string, format: ExportFormat): string {
  const plain = title
    .replaceAll(/[\p{C}\\/:*?"<>|]+/gu, ' ')
    .trim()
    .slice(0, 60)
  return `${plain === '' ? 'export' : plain}-${day}.${format}`
}
