import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import type { ViewStore } from '../../components/savedViews.rules.ts'
import { explain } from '../../lib/explain.ts'

const viewsKey = ['customer-views']

/** Saved views of the customer list, kept by the server: the same on every machine of the person. */
export function useServerViews(): ViewStore {
  const client = useQueryClient()
  const { message } = App.useApp()
  const { data } = useQuery({ queryKey: viewsKey, queryFn: () => ask(api.GET('/api/customer-views')) })
  const settled = {
    onSuccess: () => client.invalidateQueries({ queryKey: viewsKey }),
    onError: (error: Error) => void message.error(explain(error).title),
  }
  const save = useMutation({
    mutationFn: (view: { name: string; filters: Record<string, string> }) =>
      ask(api.POST('/api/customer-views', { body: view })),
    ...settled,
  })
  const remove = useMutation({
    mutationFn: (id: string) => ask(api.DELETE('/api/customer-views/{id}', { params: { path: { id } } })),
    ...settled,
  })
  const views = data?.items ?? []
  return {
    views: views.map((view) => ({ name: view.name, values: view.filters })),
    save: (view) => save.mutate({ name: view.name, filters: { ...view.values } }),
    remove: (name) => {
      const found = views.find((view) => view.name === name)
      if (found !== undefined) remove.mutate(found.id)
    },
  }
}
