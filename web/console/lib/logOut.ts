import { api, ask, setCsrf } from '#shared/api/client.ts'
import { queryClient } from './queryClient.ts'

/** Ends this session; throws when the server did not answer, so that nobody leaves believing he is logged out. */
export async function logOut(): Promise<void> {
  await ask(api.POST('/api/auth/logout'))
  setCsrf(undefined)
  queryClient.clear()
}
