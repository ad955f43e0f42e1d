import type { Handlers } from '../http/call.ts'
import { auth } from './auth.ts'
import { contactWays } from './contact-ways.ts'
import { contacts } from './contacts.ts'
import { customers } from './customers.ts'
import { welcome } from './welcome.ts'

/** What the platform does behind each declared interface; a declaration without a handler does not compile. */
export const handlers: Pick<Handlers, 'auth' | 'contacts' | 'customers' | 'contactWays' | 'welcome'> = {
  auth,
  contacts,
  customers,
  contactWays,
  welcome,
}
