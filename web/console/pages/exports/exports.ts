import type { components } from '#shared/api/schema.gen.ts'

export type Export = components['schemas']['Export']
export type ExportFormat = Export['format']

export const exportsKey = ['exports'] as const
export const exportsPath = '/commerce/exports'

export const isLive = (state: Export['state']) => state === 'asked' || state === 'running'

export const colours = {
  ...{ asked: 'processing', waiting: 'warning', running: 'processing', ready: 'success' },
  ...{ refused: 'error', expired: 'default', failed: 'error', cancelled: 'default' },
} as const

export const fileOf = (one: Export) => `/api/exports/${one.id}/file`
