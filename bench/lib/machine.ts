import { cpus, release, totalmem, type } from 'node:os'

/** The machine as far as figures depend on it; never its name or address. */
export function machine(): Record<string, string | number> {
  const cores = cpus()
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memory_gb: Math.round(totalmem() / 2 ** 30),
    os: `${type()} ${release().split('-')[0]}`,
    node: process.versions.node,
  }
}
