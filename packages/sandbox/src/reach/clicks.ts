import { createLanes } from '../callbacks/lanes.ts'
import type { WebViews } from '../people/web-view.ts'

/** People who open links by themselves: as many at a time as a brand's pages may be asked to bear. */
export interface Clicks {
  open(person: string, url: string): void
  /** Resolves when nobody is opening a page. */
  settled(): Promise<void>
}

const AT_ONCE = 64

export function createClicks(webViews: WebViews): Clicks {
  const lanes = createLanes(() => ({ order: 'any', concurrency: AT_ONCE }))
  return {
    open: (person, url) =>
      lanes.run('', () =>
        webViews.open(person, url).then(
          () => undefined,
          // a page that does not answer, or is not the brand's, is nothing to the person
          () => undefined,
        ),
      ),
    settled: lanes.idle,
  }
}
