import { z } from 'zod'
import { Person } from './schema.people.ts'

/** `GET /sandbox/codes?q=&limit=`: what hangs in the shops. `q` matches name, state, id and the members' names. */
export const CodesQuery = z.object({
  q: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(60),
})
export type CodesQuery = z.infer<typeof CodesQuery>

export const Code = z.object({
  kind: z.enum(['contact_way', 'link', 'join_way']),
  /** config_id or link_id. */
  id: z.string(),
  /** Remark of a contact or join way, name of a link; may be empty. */
  name: z.string(),
  appKey: z.string(),
  state: z.string().optional(),
  /** What the QR code holds: give it to `scan`. */
  content: z.string(),
  /** Address of the picture, relative to the sandbox. */
  qr: z.string(),
  /** Names of the first members (or groups) behind it. */
  members: z.array(z.string()),
  createdMs: z.number(),
})
export type Code = z.infer<typeof Code>

/** Newest first; `total` counts all that match. */
export const CodesResponse = z.object({ codes: z.array(Code), total: z.number().int() })
export type CodesResponse = z.infer<typeof CodesResponse>

/** `GET /sandbox/groups/:chatId`: `members` holds the first hundred, the owner first. */
export const GroupDetail = z.object({
  chatId: z.string(),
  name: z.string(),
  notice: z.string(),
  owner: z.string(),
  memberCount: z.number().int(),
  members: z.array(Person),
})
export type GroupDetail = z.infer<typeof GroupDetail>

/** `POST /sandbox/people/:id/open`: the person opens one of the brand's pages in WeChat's own browser. */
export const OpenRequest = z.object({ url: z.string().min(1).max(4096) })
export type OpenRequest = z.infer<typeof OpenRequest>

/** The page as it came, after redirects and log-in; `url` is where it came from. Scripts are not run. */
export const WebPage = z.object({ url: z.string(), status: z.number().int(), html: z.string() })
export type WebPage = z.infer<typeof WebPage>
