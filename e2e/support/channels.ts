import { expect } from 'vitest'
import type { ConsoleSide } from './console.ts'
import type { Stage } from './stage.ts'

export interface MadeChannel {
  readonly id: string
  /** What the printed code holds; of a landing page, its address. */
  readonly content: string
}

/** A channel by the API, where the story is not about the wizard; waits until its code can be printed. */
export async function makeChannel(
  { db }: Pick<Stage, 'db'>,
  console: ConsoleSide,
  input: { name: string; staff: readonly string[]; kind?: 'qr' | 'landing'; expected_per_day?: number },
): Promise<MadeChannel> {
  const { name, staff, kind = 'qr', ...rest } = input
  // the members come with the first reading of the corp
  await expect
    .poll(() => db.selectFrom('staff').select('userid').where('userid', 'in', staff).execute(), { timeout: 20_000 })
    .toHaveLength(staff.length)
  const made = await console.call<{ id: string }>('POST', '/api/channels', {
    kind,
    name,
    strategy: kind === 'qr' ? 'platform' : 'round_robin',
    fallback: kind === 'qr' ? 'members' : 'closed',
    members: staff.map((ref) => ({ kind: 'staff', ref })),
    ...rest,
  })
  expect(made.status, JSON.stringify(made.body)).toBe(201)
  const { id } = made.body
  return { id, content: await contentOf(console, id) }
}

/** What the code of this channel holds, as soon as the platform has made it. */
export async function contentOf(console: ConsoleSide, id: string): Promise<string> {
  let content: string | null | undefined
  await expect
    .poll(
      async () => {
        const { body } = await console.call<{
          ready: boolean
          page_url: string | null
          codes: { userid: string; content: string | null }[]
        }>('GET', `/api/channels/${id}`)
        content = body.page_url ?? body.codes.find((code) => code.userid === '')?.content
        return body.ready && content
      },
      { interval: 200 },
    )
    .toBeTruthy()
  return content ?? ''
}

/** A welcome of one channel with a text by day and one by night. */
export async function makeWelcome(
  console: ConsoleSide,
  channelId: string,
  input: { name: string; day: string; night: string },
): Promise<void> {
  const band = (name: string, from: number, until: number, text: string) => ({
    name,
    weekdays: [0, 1, 2, 3, 4, 5, 6],
    from_minute: from * 60,
    until_minute: until * 60,
    content: { text, text_without_name: '', attachments: [] },
  })
  const made = await console.call('POST', '/api/welcomes', {
    level: 'channel',
    target: channelId,
    name: input.name,
    bands: [band('营业时间', 8, 22, input.day), band('夜间', 22, 8, input.night)],
    note: '',
  })
  expect(made.status, JSON.stringify(made.body)).toBe(201)
}
