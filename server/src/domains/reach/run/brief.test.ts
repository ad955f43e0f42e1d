import { expect, it } from 'vitest'
import { tokenOwner } from '../../content/links/links.store.ts'
import { writeContents } from './brief.ts'
import { plainSpec, runStage } from './run-stage.ts'
import { findRuns } from './runs.store.ts'

const stage = await runStage({ staff: 4, people: 20, relations: 24 })
const { db, corpId, services } = stage

it('a card of a mini program says its task’s token to the mini program, where the corp has named a parameter for it', async () => {
  await stage.sync()
  const asset_id = '0198f000-0000-7000-8000-000000000001'
  const card = { kind: 'miniprogram' as const, title: '看看', appid: 'wx1', page: 'pages/a?s={员工ID}', asset_id }
  const [variant] = plainSpec.variants
  if (variant === undefined) return expect.fail('a plain campaign has a variant')
  const content = { text: variant.content.text, attachments: [card] }
  const runId = await stage.planned({ variants: [{ ...variant, content }] })
  const runs = new Map((await findRuns(db, [runId])).map((run) => [run.id, run]))
  const tasks = (await stage.tasks(runId)).map((one) => ({ runId, number: one.number, variant: 0, sender: one.sender }))
  const written = () => db.transaction().execute((tx) => writeContents(services, tx, corpId, tasks, runs))
  const pagesOf = (made: Awaited<ReturnType<typeof written>>) =>
    [...made.values()].map(({ attachments }) => attachments.map((one) => ('page' in one ? one.page : '')).join())

  expect(pagesOf(await written())).toEqual(tasks.map(({ sender }) => `pages/a?s=${sender}`))

  const { settings } = await db
    .selectFrom('corps')
    .select('settings')
    .where('id', '=', corpId)
    .executeTakeFirstOrThrow()
  const named = { ...(settings as object), link_parameter: 'ny' }
  await db
    .updateTable('corps')
    .set({ settings: JSON.stringify(named) })
    .where('id', '=', corpId)
    .execute()
  const made = await written()
  for (const [place, page] of pagesOf(made).entries()) {
    const task = tasks[place]
    const [before, token = ''] = page.split('&ny=')
    expect(before).toBe(`pages/a?s=${task?.sender}`)
    expect(await tokenOwner(db, services.vault, corpId, token)).toMatchObject({
      ...{ run: runId, task: task?.number, place: 1, target: `miniprogram:wx1/pages/a?s=${task?.sender}` },
    })
  }
  // it is known again by its addresses alone: not every listing tells a card's page
  for (const { links } of made.values()) expect(links).toHaveLength(1)
})
