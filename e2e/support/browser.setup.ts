import type { TestProject } from 'vitest/node'
import { serveBrowser } from '../browser.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a story connects to the one Chromium of the run. */
    browserEndpoint: string
  }
}

/** One Chromium for the whole run; every story opens windows of its own in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const browser = await serveBrowser()
  project.provide('browserEndpoint', browser.wsEndpoint())
  return () => browser.close()
}
