import type { components } from '#shared/api/schema.gen.ts'

type Store = components['schemas']['Store']

/** A store as its form holds it: text, so that a half-typed number is not lost. */
export interface StoreDraft {
  code: string
  name: string
  city: string
  region: string
  address: string
  latitude: string
  longitude: string
  hours: string
  manager: string
  /** As it is shown; what is kept is the account. */
  managerName: string
  department: string
}

export const emptyDraft: StoreDraft = {
  code: '',
  name: '',
  city: '',
  region: '',
  address: '',
  latitude: '',
  longitude: '',
  hours: '',
  manager: '',
  managerName: '',
  department: '',
}

export function draftOf(store: Store): StoreDraft {
  const text = (value: string | number | null | undefined) =>
    value === null || value === undefined ? '' : String(value)
  return {
    code: store.code,
    name: store.name,
    city: text(store.city),
    region: text(store.region),
    address: text(store.address),
    latitude: text(store.latitude),
    longitude: text(store.longitude),
    hours: text(store.opening_hours),
    manager: text(store.manager_userid),
    managerName: text(store.manager_name),
    department: text(store.department_id),
  }
}

/** What the API wants; the server judges it as it does a row of the table. */
export function bodyOf(draft: StoreDraft) {
  const text = (value: string) => (value.trim() === '' ? null : value.trim())
  const number = (value: string) => (value.trim() === '' || Number.isNaN(Number(value)) ? null : Number(value))
  return {
    name: draft.name.trim(),
    city: text(draft.city),
    region: text(draft.region),
    address: text(draft.address),
    latitude: number(draft.latitude),
    longitude: number(draft.longitude),
    opening_hours: text(draft.hours),
    manager_userid: text(draft.manager),
    department_id: number(draft.department),
  }
}
