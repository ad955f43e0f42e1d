import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

test('.env.example documents every setting that the server reads, and no other', () => {
  const source = read('server/src/infra/config.ts')
  const settings = source.slice(source.indexOf('z.object({'), source.indexOf('export interface Config'))
  const known = [...settings.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name)
  const documented = [...read('.env.example').matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name)
  expect(known.length).toBeGreaterThan(10)
  expect(documented.sort()).toEqual(known.sort())
})
