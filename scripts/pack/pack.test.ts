import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { packedManifest } from './manifest.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
// inside the repository, so that its dependencies are found as if they were installed beside it
const out = mkdtempSync(join(root, 'node_modules/.packed-'))
afterAll(() => rmSync(out, { recursive: true, force: true }))

test('a published package is plain JavaScript with types and its data beside', { timeout: 60_000 }, async () => {
  await run(process.execPath, [join(root, 'scripts/pack.ts'), '--out', out, 'wecom'])
  const program = `
    const { limitProfile, allEndpoints, sealVerification } = await import('./dist/src/index.js')
    console.log(JSON.stringify([limitProfile().value('api.corp_per_minute'), allEndpoints().length > 50, typeof sealVerification]))`
  const { stdout } = await run(process.execPath, ['--no-strip-types', '--input-type=module', '-e', program], {
    cwd: join(out, 'wecom'),
  })
  expect(JSON.parse(stdout)).toEqual([10_000, true, 'function'])
})

test('its doors lead to the compiled files', () => {
  const manifest = {
    name: 'x',
    exports: { '.': './src/index.ts', './admin': './src/admin/schema.ts' },
    bin: { x: './bin/x.mjs' },
  }
  expect(packedManifest(manifest)).toMatchObject({
    exports: {
      '.': { types: './dist/src/index.d.ts', default: './dist/src/index.js' },
      './admin': { types: './dist/src/admin/schema.d.ts', default: './dist/src/admin/schema.js' },
    },
    bin: { x: './bin/x.mjs' },
  })
})
