/** Calls the console's API as this account's browser would; an answer other than 2xx is an error. */
export type Office = <T>(method: string, path: string, body?: unknown) => Promise<T>

/** The demo brand's account `username`, or the one that SHOTS_USER and SHOTS_PASSWORD name. */
export async function openOffice(consoleUrl: string, username = process.env['SHOTS_USER'] ?? 'admin'): Promise<Office> {
  const login = await fetch(`${consoleUrl}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: process.env['SHOTS_PASSWORD'] ?? 'nuanyu-demo' }),
  })
  const cookie = login.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const { csrf } = (await (await fetch(`${consoleUrl}/api/auth/me`, { headers: { cookie } })).json()) as {
    csrf: string
  }
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const bytes = body instanceof Buffer
    const answer = await fetch(consoleUrl + path, {
      method,
      headers: {
        ...{ cookie, 'x-csrf-token': csrf },
        'content-type': bytes ? 'application/octet-stream' : 'application/json',
      },
      ...(body === undefined ? {} : { body: bytes ? new Uint8Array(body) : JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as T
  }
}
