import { useQuery } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import { linksKey } from './links.ts'

export const linkSettingsKey = [...linksKey, 'settings'] as const

export function useLinkSettings() {
  return useQuery({ queryKey: linkSettingsKey, queryFn: () => ask(api.GET('/api/links/settings')) })
}
