import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { findCorp, saveApp, saveCorp } from '../domains/organisation/index.ts'
import type { Services } from '../infra/services.ts'
import { seedDefaultWelcome } from './welcomes.ts'

const corpsAnswer = z.object({
  corps: z.array(
    z.object({
      corpId: z.string(),
      name: z.string(),
      apps: z.array(
        z.object({
          appKey: z.string(),
          agentId: z.number(),
          name: z.string(),
          kind: z.enum(['own', 'contacts-sync']),
          secret: z.string(),
          callback: z.unknown().optional(),
        }),
      ),
    }),
  ),
})

const notVerified = 409
const mostTries = 10

/** Apps of the sandbox's brand that belong to us; the other one plays a second vendor's. */
const ours = new Set(['nuanyu', 'contacts'])

/**
 * Connects the sandbox's demo brand as a person would in the connection guide: corp, secrets, callback addresses, which
 * the sandbox verifies. Only when no corp is connected yet; answers the corp's number.
 */
export async function connectDemoBrand(
  services: Services,
  sandboxUrl: string,
  callbacksChanged: () => Promise<void>,
): Promise<number | undefined> {
  const { db, vault, clock, config } = services
  const answer = corpsAnswer.parse(await (await fetch(`${sandboxUrl}/sandbox/corps`)).json())
  const brand = answer.corps[0]
  if (brand === undefined) return undefined
  const known = await findCorp(db, brand.corpId)
  const corp = known ?? (await saveCorp(db, { corpid: brand.corpId, name: brand.name }, clock.now()))
  for (const app of brand.apps) {
    if (!ours.has(app.appKey) || (known !== undefined && app.callback)) continue
    const callback = { token: newToken(), aesKey: newAesKey() }
    await saveApp(
      db,
      vault,
      {
        corpId: corp.id,
        appKey: app.appKey,
        kind: app.kind === 'own' ? 'app' : 'contacts-sync',
        name: app.name,
        agentId: app.agentId,
        secret: app.secret,
        callback,
      },
      clock.now(),
    )
    await callbacksChanged()
    const url = `${config.publicUrl}/callbacks/wecom/${brand.corpId}/${app.appKey}`
    const at = `${sandboxUrl}/sandbox/corps/${brand.corpId}/apps/${app.appKey}/callback`
    const refusal = await saveCallback(at, { url, ...callback })
    if (refusal !== undefined) throw new Error(`the sandbox did not accept the callback address ${url}: ${refusal}`)
  }
  await seedDefaultWelcome(db, corp.id, clock.now())
  return corp.id
}

/**
 * Presses save again, as a person would, where the address could not be verified: the platform waits for one second, and a
 * crowded machine that has just begun may need more. Answers why it was refused in the end.
 */
async function saveCallback(at: string, callback: object): Promise<string | undefined> {
  for (let tries = 1; ; tries += 1) {
    const saved = await fetch(at, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(callback),
    })
    const said = await saved.text()
    if (saved.ok) return undefined
    if (saved.status !== notVerified || tries === mostTries) return said
  }
}

function newToken(): string {
  return randomBytes(12).toString('hex')
}

/** 43 characters of [a-zA-Z0-9] that decode to 32 bytes. */
function newAesKey(): string {
  for (;;) {
    const key = randomBytes(32).toString('base64').slice(0, 43)
    if (/^[a-zA-Z0-9]{43}$/.test(key)) return key
  }
}
