import type { z } from 'zod'
import type { Endpoint, ParsedRequestOf } from './endpoint.ts'
import { acquisitionLinks } from './endpoints/acquisition-links.ts'
import { agents, jssdk, oauth } from './endpoints/apps.ts'
import { auth } from './endpoints/auth.ts'
import { broadcasts } from './endpoints/broadcasts.ts'
import { contactWays } from './endpoints/contact-ways.ts'
import { contacts } from './endpoints/contacts.ts'
import { conversion, miniprogram } from './endpoints/conversion.ts'
import { customers } from './endpoints/customers.ts'
import { groupWelcome } from './endpoints/group-welcome.ts'
import { groups, joinWays } from './endpoints/groups.ts'
import { media } from './endpoints/media.ts'
import { messages } from './endpoints/messages.ts'
import { moments } from './endpoints/moments.ts'
import { network } from './endpoints/network.ts'
import { statistics } from './endpoints/statistics.ts'
import { strategyTags } from './endpoints/strategy-tags.ts'
import { tags } from './endpoints/tags.ts'
import { welcome } from './endpoints/welcome.ts'

/** Every interface of the platform that is described so far, by group and name. */
export const catalogue = {
  auth,
  network,
  contacts,
  customers,
  tags,
  strategyTags,
  contactWays,
  acquisitionLinks,
  groups,
  joinWays,
  welcome,
  groupWelcome,
  broadcasts,
  moments,
  statistics,
  media,
  messages,
  jssdk,
  oauth,
  agents,
  miniprogram,
  conversion,
}
export type Catalogue = typeof catalogue

export interface NamedEndpoint {
  readonly group: keyof Catalogue
  readonly name: string
  readonly endpoint: Endpoint
}

const named: readonly NamedEndpoint[] = (Object.keys(catalogue) as (keyof Catalogue)[]).flatMap((group) =>
  Object.entries<Endpoint>(catalogue[group]).map(([name, endpoint]) => ({ group, name, endpoint })),
)
const byRoute = new Map(named.map((entry) => [`${entry.endpoint.method} ${entry.endpoint.path}`, entry]))
const byPath = new Map(named.map((entry) => [entry.endpoint.path, entry]))

/** All endpoints with their group and name, in the catalogue's order. */
export function allEndpoints(): readonly NamedEndpoint[] {
  return named
}

/** The endpoint on a route, or undefined; `method` in capitals, `path` without query. */
export function findEndpoint(method: string, path: string): NamedEndpoint | undefined {
  return byRoute.get(`${method} ${path}`)
}

/** The endpoint at a path whatever the method: the platform answers a wrong method by an error code of its own. */
export function findEndpointByPath(path: string): NamedEndpoint | undefined {
  return byPath.get(path)
}

/**
 * One handler for every endpoint, complete or it does not compile.
 * `Context` is what the emulator hands over, `Failure` what it answers instead of a response.
 */
export type Handlers<Context, Failure> = HandlersOf<Catalogue, Context, Failure>

/** The same for any tree of endpoints. */
export type HandlersOf<Tree, Context, Failure> = {
  readonly [Group in keyof Tree]: {
    readonly [Name in keyof Tree[Group]]: (
      context: Context,
      request: ParsedRequestOf<Tree[Group][Name]>,
    ) => HandlerResult<Tree[Group][Name], Failure>
  }
}
type HandlerResult<E, Failure> = Answer<E> | Failure | Promise<Answer<E> | Failure>

/** What a handler may answer: empty lists and defaults may be left out. */
type Answer<E> = E extends Endpoint<z.ZodType, infer Res> ? z.input<Res> : never
