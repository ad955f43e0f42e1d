import { z } from '@hono/zod-openapi'

const opens = {
  persons: z.int().openapi({ description: 'Persons that are known, each once' }),
  known: z.int().openapi({ description: 'Openings by them' }),
  unknown: z.int().openapi({ description: 'Openings by whom nobody knows' }),
}

export const runOfLinks = z
  .object({
    run: z.int(),
    campaign: z.object({ id: z.string(), name: z.string() }),
    planned_for: z.string(),
    links: z.int().openapi({ description: 'One for each task and address' }),
    tasks: z.int(),
    stopped: z.boolean(),
    ...opens,
  })
  .openapi('RunOfLinks')

export const runInDetail = z
  .object({
    stopped: z.boolean(),
    ...opens,
    places: z.array(z.object({ place: z.int(), target: z.string(), links: z.int(), known: z.int(), unknown: z.int() })),
    hours: z.array(z.object({ at: z.string(), known: z.int(), unknown: z.int() })),
  })
  .openapi('RunOfLinksInDetail')

export const linkOfTask = z
  .object({
    task: z.int(),
    place: z.int(),
    target: z.string(),
    address: z.string().openapi({ description: 'As it stands in the message' }),
    sender: z.string().nullable(),
    sender_name: z.string().nullable(),
    stopped: z.boolean(),
    ...opens,
  })
  .openapi('LinkOfTask')

/** Of a domain only: tokens are good under any, and a path of ours stands behind it. */
const site = z
  .string()
  .trim()
  .max(200)
  .transform((text) => text.replace(/\/$/, ''))
  .pipe(z.string().regex(/^https?:\/\/[^/?#\s]+$/, 'must be like https://go.example.com'))

export const linkSettingsShape = z
  .object({
    urls: z.array(site).max(5).openapi({
      description: 'Domains of the pages that customers see, the one in use first; none: the landing pages’',
    }),
    know_customers: z
      .boolean()
      .openapi({ description: 'Ask WeChat who opens a link; the domain must be trusted for OAuth' }),
    parameter: z
      .string()
      .regex(/^[A-Za-z][\w-]{0,31}$/)
      .nullable()
      .openapi({
        description:
          'A parameter added to targets, and to pages of mini program cards, that says the token; null: both stay untouched',
      }),
  })
  .openapi('LinkSettings')

export const linkSettingsView = linkSettingsShape.extend({
  site: z.string().openapi({ description: 'Where links lead from now' }),
})
