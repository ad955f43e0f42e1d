import { z } from '@hono/zod-openapi'
import { wishes } from '../governor/touch.ts'

export const wishesView = z
  .object({
    wish: z.enum(wishes),
    personalised: z
      .boolean()
      .openapi({ description: 'false: nothing is to be chosen for him by what is known of him' }),
    address: z.string().nullable().openapi({
      description: 'His own page of preferences, to be given to nobody but him; null: to who may not speak for him',
    }),
    noted: z
      .array(
        z.object({
          at: z.string(),
          what: z.enum(['touch', 'personalisation']),
          said: z.enum([...wishes, 'on', 'off']),
          through: z.enum(['account', 'link', 'oauth']).openapi({
            description: 'A colleague noted it; or he did himself: by his sealed link, or known by WeChat',
          }),
          by: z.string().nullable(),
          reason: z.string(),
        }),
      )
      .openapi({ description: 'The latest first' }),
  })
  .openapi('CustomerWishes')

export const personalisationInput = z.object({ personalised: z.boolean(), reason: z.string().trim().min(2).max(200) })

export const preferencesView = z
  .object({
    address: z.string(),
    less: z.int().openapi({ description: 'Persons who want less' }),
    none: z.int().openapi({ description: 'Persons who want no marketing' }),
    impersonal: z.int().openapi({ description: 'Persons for whom nothing is to be chosen by what is known of them' }),
  })
  .openapi('PreferencesPage')
