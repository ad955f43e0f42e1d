import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The fields of /proc/<pid>/stat after the command name, which itself may hold spaces and brackets. */
function procStat(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined // no such process, or no /proc on this system
  }
}

/** Alive and not a zombie: in a container whose first process reaps nothing, the dead keep their id. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  return procStat(pid)?.[0] !== 'Z'
}

/** When the process was started, in the kernel's ticks: together with the id it names one process for ever. */
export function startedAt(pid: number): string | undefined {
  return procStat(pid)?.[19]
}

/** The command line of a process: after a reboot or in a container, a stale id soon belongs to somebody else. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? ''
  }
}

/** Asks again every 20 ms until it is so, or the time is over. Machine time: this waits for a real process. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const end = performance.now() + timeoutMs
  for (;;) {
    if (await condition()) return true
    if (performance.now() >= end) return false
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
