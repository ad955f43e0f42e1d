import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { listOf, NoRequest } from '../fields.ts'

const Addresses = z.object({ ip_list: listOf(z.string()) })

export const network = {
  /** Addresses of the platform's interface, for the list of what we may call out to. */
  getApiDomainIp: endpoint({
    method: 'GET',
    path: '/cgi-bin/get_api_domain_ip',
    doc: 92520,
    request: NoRequest,
    response: Addresses,
    repeat: 'safe',
    errors: [],
    credential: ['app', 'contacts-sync'],
  }),
  /** Addresses that callbacks come from; an entry may end in `.*`. */
  getCallbackIp: endpoint({
    method: 'GET',
    path: '/cgi-bin/getcallbackip',
    doc: 92521,
    request: NoRequest,
    response: Addresses,
    repeat: 'safe',
    errors: [],
    credential: ['app', 'contacts-sync'],
  }),
}
