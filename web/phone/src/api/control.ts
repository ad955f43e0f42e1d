import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, at } from './client.ts'
import type {
  ClockChange,
  ClockState,
  CorpsResponse,
  FaultsResponse,
  NewFaultInput,
  ScenariosResponse,
  Settings,
  SettingsPatch,
} from './types.ts'

export function useCorps() {
  return useQuery({
    queryKey: ['corps'],
    queryFn: () => api.get<CorpsResponse>('corps'),
    select: (answer) => answer.corps,
  })
}

export function useFaults() {
  return useQuery({
    queryKey: ['faults'],
    queryFn: () => api.get<FaultsResponse>('faults'),
    select: (answer) => answer.faults,
  })
}

export function useAddFault() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (fault: NewFaultInput) => api.post<unknown>('faults', fault),
    onSuccess: () => client.invalidateQueries({ queryKey: ['faults'] }),
  })
}

export function useRemoveFault() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string | undefined) => api.remove<unknown>(id === undefined ? 'faults' : `faults/${at(id)}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['faults'] }),
  })
}

/** A running scenario is looked at each second; a resting list is not. */
export function useScenarios() {
  return useQuery({
    queryKey: ['scenarios'],
    queryFn: () => api.get<ScenariosResponse>('scenarios'),
    select: (answer) => answer.scenarios,
    refetchInterval: ({ state }) => (state.data?.scenarios.some((scenario) => scenario.running) ? 1000 : false),
  })
}

export function useRunScenario() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ name, act }: { name: string; act: 'start' | 'stop' }) =>
      api.post<ScenariosResponse>(`scenarios/${at(name)}/${act}`),
    onSettled: () => client.invalidateQueries({ queryKey: ['scenarios'] }),
  })
}

export function useSettings() {
  return useQuery({ queryKey: ['settings'], queryFn: () => api.get<Settings>('settings') })
}

export function usePatchSettings() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (patch: SettingsPatch) => api.patch<Settings>('settings', patch),
    onSuccess: (settings) => client.setQueryData(['settings'], settings),
  })
}

export function changeClock(change: ClockChange): Promise<ClockState> {
  return api.post<ClockState>('clock', change)
}
