// Makes what npm publishes of each package below build/packages: JavaScript with types, since Node strips no types from
// what is installed. `npm publish build/packages/<name>` does the rest. Usage: pack.ts [--out folder] [name…]
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { packedManifest } from './pack/manifest.ts'

const root = join(import.meta.dirname, '..')
const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } })
const out = resolve(values.out ?? join(root, 'build/packages'))
/** In the order of their dependencies: the later are compiled against the declarations of the earlier. */
const names = ['wecom', 'client', 'sandbox'] as const
const phone = join(root, 'web/dist/phone')

function compile(name: string): void {
  const target = join(out, name)
  const source = join(root, 'packages', name)
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      allowImportingTsExtensions: true,
      rewriteRelativeImportExtensions: true,
      rootDir: source,
      outDir: join(target, 'dist'),
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
      paths: Object.fromEntries(
        names.map((one) => [`@nuanyu/${one}`, [join(out, one, 'dist/src/index.d.ts')]] as const),
      ),
    },
    include: [join(source, 'src')],
    exclude: [join(source, 'src/**/*.test.ts')],
  }
  const file = join(target, 'tsconfig.json')
  writeFileSync(file, JSON.stringify(config))
  const bin = join(root, 'node_modules/typescript/bin/tsc')
  const { status } = spawnSync(process.execPath, [bin, '-p', file], { stdio: 'inherit' })
  rmSync(file)
  if (status !== 0) throw new Error(`${name} does not compile for publishing`)
}

function pack(name: string): void {
  const source = join(root, 'packages', name)
  const target = join(out, name)
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  compile(name)
  const manifest = packedManifest(JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')))
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
  cpSync(join(source, 'README.md'), join(target, 'README.md'))
  cpSync(join(root, 'LICENSE'), join(target, 'LICENSE'))
  if (existsSync(join(source, 'bin'))) {
    mkdirSync(join(target, 'bin'))
    for (const file of Object.values(manifest.bin ?? {})) {
      const script = readFileSync(join(source, file), 'utf8')
      writeFileSync(join(target, file), script.replace(/'\.\.\/src\/(\w+)\.ts'/, "'../dist/src/$1.js'"), {
        mode: 0o755,
      })
    }
    cpSync(phone, join(target, 'phone'), { recursive: true })
  }
  console.log(target)
}

for (const name of names) if (positionals.length === 0 || positionals.includes(name)) pack(name)
