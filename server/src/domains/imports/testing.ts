import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { z } from 'zod'
import { loadConfig } from '../../infra/config.ts'
import { testSite } from '../../infra/http/testing.ts'
import { type BreakOff, heldOperations } from '../../infra/operations/testing.ts'
import type { ImportKind, Mapping } from './imports.schema.ts'
import { importView } from './imports.schema.ts'
import { defineImports, importsRoutes } from './index.ts'

type View = z.infer<typeof importView>

/** A site with a data folder of its own; operations run when the test says so, and break off where it says so. */
export async function importSite() {
  const dataDir = await mkdtemp(join(tmpdir(), 'nuanyu-imports-'))
  afterAll(() => rm(dataDir, { recursive: true, force: true }))
  const operations = heldOperations(() => site.db)
  const site = await testSite({
    routes: (services) => {
      defineImports(services)
      return [importsRoutes(services)]
    },
    services: { operations },
    config: { ...loadConfig({ PORT: '3000' }), dataDir },
  })
  const operator = await site.as('administrator')

  /** Runs what was begun last; after so many chunks it is killed, or cancelled. */
  const work = (after = Number.POSITIVE_INFINITY, how: BreakOff['how'] = 'killed') =>
    operations.run(undefined, { after, how })
  const look = async (id: string) => (await operator.get(`/api/imports/${id}`)).as(importView)
  /** Sends a file in two parts and has it looked into. */
  const bring = async (kind: ImportKind, file: string | Uint8Array, name = 'table.csv'): Promise<View> => {
    const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file
    const made = (await operator.post('/api/imports', { kind, file_name: name, size: bytes.length })).as(importView)
    const half = Math.floor(bytes.length / 2)
    for (const [offset, part] of [
      [0, bytes.subarray(0, half)],
      [half, bytes.subarray(half)],
    ] as const)
      await operator.put(`/api/imports/${made.id}/file?offset=${offset}`, part)
    const looked = await operator.post(`/api/imports/${made.id}/look`)
    if (looked.status !== 200) throw Object.assign(new Error('refused'), { body: looked.body, id: made.id })
    return looked.as(importView)
  }
  const tried = async (id: string) => {
    const reply = await operator.post(`/api/imports/${id}/try`)
    if (reply.status !== 200) throw Object.assign(new Error('refused'), { body: reply.body })
    await work()
    return look(id)
  }
  const ran = async (id: string) => {
    await operator.post(`/api/imports/${id}/run`)
    await work()
    return look(id)
  }
  const whole = async (kind: ImportKind, file: string | Uint8Array, mapping?: Mapping) => {
    const { id } = await bring(kind, file)
    if (mapping !== undefined) await operator.put(`/api/imports/${id}/mapping`, { mapping })
    const trial = await tried(id)
    return { id, trial, result: await ran(id) }
  }
  return { ...site, dataDir, operator, work, look, bring, tried, ran, whole }
}
