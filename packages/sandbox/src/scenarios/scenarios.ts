import { refuse } from '../admin/refusal.ts'
import type { ScenarioOptions, ScenarioState } from '../admin/schema.ts'
import type { Platform } from '../platform.ts'
import { type Run, runScenario } from './run.ts'
import { SCRIPTS } from './scripts.ts'

/** Stories that play by themselves: the same people do the same things at the same minutes, for one seed. */
export interface Scenarios {
  list(): ScenarioState[]
  start(name: string, options: ScenarioOptions): void
  stop(name: string): void
  stopAll(): void
}

export function createScenarios(platform: Platform): Scenarios {
  const runs = new Map<string, Run>()
  const scriptOf = (name: string) => {
    const script = SCRIPTS.find((one) => one.name === name)
    if (script !== undefined) return script
    const known = SCRIPTS.map((one) => one.name).join(', ')
    throw refuse(404, 'scenario_unknown', `there is no scenario ${name}; there are ${known}`, `没有名为 ${name} 的剧本`)
  }
  return {
    list: () =>
      SCRIPTS.map((script) => {
        const run = runs.get(script.name)
        const { name, title, titleZh } = script
        return { name, title, titleZh, ...(run?.state() ?? idle(script.durationS)) }
      }),
    start(name, options) {
      const script = scriptOf(name)
      if (runs.get(name)?.state().running === true)
        throw refuse(409, 'scenario_runs', `${name} is running already`, '该剧本正在运行')
      runs.set(name, runScenario(platform, script, options))
    },
    stop: (name) => runs.get(scriptOf(name).name)?.stop(),
    stopAll() {
      for (const run of runs.values()) run.stop()
    },
  }
}

function idle(durationS: number) {
  return { running: false, startedMs: null, durationMs: durationS * 1000, progress: 0, adds: 0, actions: 0 }
}
