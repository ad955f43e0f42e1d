import { ask } from '../../bench/lib/brand.ts'

/** What the stories read of the sandbox: who is who, what reached whom, and what a person does there. */
export interface PlatformSide {
  readonly url: string
  get<T>(path: string): Promise<T>
  post<T>(path: string, body?: unknown): Promise<T>
  patch<T>(path: string, body: unknown): Promise<T>
  /** A newcomer who knows nobody of the brand. */
  newCustomer(name: string): Promise<Customer>
  /** Scans and adds at once, as the phone's two taps do. */
  scanAndAdd(customer: Customer, content: string): Promise<AddAnswer>
  /** Every message that reached this person, oldest first. */
  reached(person: string, source?: string): Promise<readonly Reached[]>
  /** Moves the clock of everybody on. */
  advance(ms: number): Promise<void>
  nowMs(): Promise<number>
}

export interface Customer {
  readonly id: string
  readonly name: string
  readonly externalUserId: string
}

export interface AddAnswer {
  readonly outcome: string
  readonly peer: string
  readonly reason?: { readonly messageZh: string }
}

export interface Reached {
  readonly person: string
  readonly message: {
    readonly peer: string
    readonly from: string | null
    readonly source: string
    readonly atMs: number
    readonly body: { readonly type: string; readonly content?: string; readonly title?: string }
  }
}

export function platformSide(url: string): PlatformSide {
  const post = <T>(path: string, body: unknown = {}) => ask<T>(url + path, body)
  return {
    url,
    get: (path) => ask(url + path),
    post,
    patch: (path, body) => ask(url + path, body, 'PATCH'),
    newCustomer: (name) => post('/sandbox/people', { role: 'customer', name }),
    scanAndAdd: (customer, content) => post(`/sandbox/people/${customer.id}/add`, { content }),
    async reached(person, source) {
      const query = new URLSearchParams({ person, after: '0', limit: '5000', ...(source ? { source } : {}) })
      return (await ask<{ messages: Reached[] }>(`${url}/sandbox/oracle/messages?${query}`)).messages
    },
    async advance(ms) {
      await post('/sandbox/clock', { advanceMs: ms })
    },
    nowMs: async () => (await ask<{ nowMs: number }>(`${url}/sandbox/clock`)).nowMs,
  }
}
