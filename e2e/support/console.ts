import type { Page } from 'playwright-core'
import { demoPassword } from '../../server/src/infra/auth/passwords.ts'

/** The accounts of the demo brand, by their user names. */
export type Role = 'admin' | 'operator' | 'manager' | 'guide' | 'auditor'

/** A window of the console in which somebody is logged in. */
export interface ConsoleSide {
  readonly page: Page
  /** Opens an address of the console and waits for its heading. */
  open(path: string, heading?: string | RegExp): Promise<void>
  /** Calls the API as this person's browser would. */
  call<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }>
}

/** Without the log-in page: the session comes as the browser's cookie. */
export async function openConsole(page: Page, url: string, role: Role): Promise<ConsoleSide> {
  const { request } = page.context()
  const answer = await request.post(`${url}/api/auth/login`, { data: { username: role, password: demoPassword } })
  if (!answer.ok()) throw new Error(`${role} could not log in: ${answer.status()} ${await answer.text()}`)
  const { csrf } = (await (await request.get(`${url}/api/auth/me`)).json()) as { csrf: string }
  return {
    page,
    async open(path, heading) {
      await page.goto(url + path)
      await page.getByRole('heading', { level: 1, ...(heading === undefined ? {} : { name: heading }) }).waitFor()
    },
    async call(method, path, body) {
      const answer = await request.fetch(url + path, {
        method,
        headers: { 'x-csrf-token': csrf, origin: url },
        ...(body === undefined ? {} : { data: body }),
      })
      const json = (answer.headers()['content-type'] ?? '').includes('json')
      return { status: answer.status(), body: json ? await answer.json() : (undefined as never) }
    },
  }
}
