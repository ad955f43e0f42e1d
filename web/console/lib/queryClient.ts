import { QueryClient } from '@tanstack/react-query'
import { ApiError } from '#shared/api/errors.ts'

/** Only an answer that never came or a server in trouble is worth asking again; a refusal stays a refusal. */
export function worthRepeating(failures: number, error: Error): boolean {
  const transient = error instanceof ApiError && (error.status === 0 || error.status >= 502)
  return transient && failures < 2
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 15_000, retry: worthRepeating, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
})
