import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { root, runtime } from './place.mjs'

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** The environment of a child: Node 24 first on the path, and nothing of the npm that called us. */
export function environment(node, extra = {}) {
  const own = Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|config_local_prefix)/.test(name))
  const path = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  return { ...Object.fromEntries(own), [path]: dirname(node) + delimiter + (process.env[path] ?? ''), ...extra }
}

/**
 * Runs the task with our own terminal and returns its exit code. Signals are passed on and we wait: the task decides
 * when it is done (the server drains first). Ctrl-C reaches the task from the terminal too, so each signal may come
 * twice.
 */
export function run(node, args) {
  return new Promise((resolve, reject) => {
    // Half of the start is reading and compiling TypeScript: the second start finds it done.
    const env = environment(node, { NODE_COMPILE_CACHE: join(runtime, 'cache') })
    const child = spawn(node, args, { cwd: root, env, stdio: 'inherit' })
    for (const signal of passedOn) process.on(signal, () => child.kill(signal))
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)))
  })
}

/** Runs something of our own in silence and returns what it said; a signal ends it and us. */
export function quietly(node, args, { cwd = root, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd, env: environment(node, env), stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    const stop = (signal) => {
      child.kill(signal)
      process.exit(128 + constants.signals[signal])
    }
    for (const signal of passedOn) process.on(signal, stop)
    child.on('error', reject)
    child.on('close', (code) => {
      for (const signal of passedOn) process.off(signal, stop)
      resolve({ ok: code === 0, output })
    })
  })
}
