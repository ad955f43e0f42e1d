/** What `bench/<name>.bench.ts` exports as `bench`. */
export interface Bench {
  readonly name: string
  /** One line: what is measured, and what must be reached. */
  readonly describe: string
  run(context: BenchContext): Promise<BenchResult>
}

export interface BenchContext {
  /** A new folder for this run, gone afterwards; or the one that `--keep FOLDER` names, which stays as it is. */
  readonly folder: string
  /** Progress, for the person who waits; goes to stderr. */
  say(text: string): void
  /** `--seconds 30` or `--seconds=30` on the command line, else the default. */
  option(name: string, otherwise: number): number
  /** `--quick` and the like. */
  flag(name: string): boolean
}

export interface BenchResult {
  /** Whether everything that must be reached was reached. */
  readonly ok: boolean
  /** What the figures depend on: rates, durations, sizes, versions. */
  readonly config: Readonly<Record<string, unknown>>
  readonly figures: Readonly<Record<string, number | string | boolean | null>>
}
