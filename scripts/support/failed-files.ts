import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

/** What failed of a run: files, and how many errors outside of any file. */
export interface Failed {
  readonly files: readonly string[]
  readonly outside: number
}

/** A reporter of vitest's: writes a run's `Failed` where `FAILED_FILES` says. */
export default class implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const files = modules.filter((one) => one.state() === 'failed').map((one) => one.moduleId)
    writeFileSync(process.env['FAILED_FILES'] ?? '', JSON.stringify({ files, outside: errors.length } satisfies Failed))
  }
}
