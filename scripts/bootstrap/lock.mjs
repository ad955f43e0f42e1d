import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runtime } from './place.mjs'

/** One bootstrap at a time installs or builds: a second one started meanwhile waits, and then finds it done. */
export async function exclusively(name, work) {
  const file = join(runtime, `${name}.lock`)
  mkdirSync(runtime, { recursive: true })
  while (!take(file)) await new Promise((resolve) => setTimeout(resolve, 200))
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
  function release() {
    rmSync(file, { force: true })
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  if (!isAlive(Number(read(file)))) rmSync(file, { force: true })
  return false
}

function read(file) {
  try {
    return readFileSync(file, 'utf8') || String(process.pid) // empty: taken in this very moment
  } catch {
    return String(process.pid) // given back in this very moment
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
