import type { components } from '#shared/api/schema.gen.ts'

export type AudienceItem = components['schemas']['Audience']
export type AudienceDetail = components['schemas']['AudienceDetail']
export type AudienceMember = components['schemas']['AudienceMember']
export type AudienceRun = components['schemas']['AudienceRun']
export type Why = components['schemas']['AudienceWhy']
export type WhyPart = components['schemas']['AudienceWhyPart']
export type Kind = AudienceItem['kind']

export const kinds: readonly Kind[] = ['refreshed', 'live', 'static']
export const everyHours = [1, 2, 4, 6, 12, 24] as const
export const audiencesPath = '/customers/segments'
export const audiencesKey = ['audiences'] as const
