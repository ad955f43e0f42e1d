import { existsSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { quietly } from './run.mjs'
import { StopError } from './say.mjs'

const quiet = ['--no-audit', '--no-fund', '--no-progress', '--no-update-notifier', '--loglevel=error']

/** The script of the npm that called us, or of the one beside this Node or on the path. */
function npmScript() {
  const beside = dirname(process.execPath)
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'npm'))
  const candidates = [
    process.env.npm_execpath,
    join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    ...onPath.filter(existsSync).map((path) => realpathSync(path)),
  ]
  const found = candidates.find((path) => path?.endsWith('npm-cli.js') && existsSync(path))
  if (found) return found
  throw new StopError(
    'npm was not found. Install it together with Node from https://nodejs.org.',
    '未找到 npm。请从 https://nodejs.org 安装 Node(自带 npm)。',
  )
}

/** Runs npm under the given Node; what it prints is shown only when it fails (its first lines: help texts follow). */
export async function npm(node, args, cwd, [what, whatChinese]) {
  const { ok, output } = await quietly(node, [npmScript(), ...args, ...quiet], { cwd, env: { NODE_NO_WARNINGS: '1' } })
  if (ok) return
  const details = output.trim().split('\n').slice(0, 15).join('\n')
  if (/ENOTFOUND|ETIMEDOUT|ECONNREFUSED|ECONNRESET|EAI_AGAIN/.test(output)) {
    throw new StopError(
      `npm could not reach its registry while installing ${what}. Check the network, the proxy or "npm config get registry", then start again.`,
      `安装${whatChinese} 时无法连接 npm 源。请检查网络、代理或“npm config get registry”,然后重试。`,
      { details },
    )
  }
  if (/ENOSPC/.test(output)) {
    throw new StopError(
      `The disk is full: ${what} could not be installed. Free about 2 GB and start again.`,
      `磁盘已满,无法安装${whatChinese}。请腾出约 2 GB 空间后重试。`,
      { details },
    )
  }
  throw new StopError(
    `npm could not install ${what}; it says why above.`,
    `npm 未能安装${whatChinese},原因见上方输出。`,
    { details },
  )
}
