import { mkdir, rm } from 'node:fs/promises'
import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

export interface Size {
  readonly width: number
  readonly height: number
}

/** The pictures of one story, numbered in the order they were taken; those of the last run are thrown away. */
export async function createAlbum(folder: string) {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  let taken = 0
  const keep = async (page: Page, what: string): Promise<void> => {
    taken += 1
    await page.evaluate('document.fonts.ready')
    // what still loads after that is worth a picture of its own
    const loading = page.locator('.ant-skeleton').first()
    await loading.waitFor({ state: 'hidden', timeout: 5_000 }).catch(() => undefined)
    // what moves is shown where it ends
    await page.screenshot({ animations: 'disabled', path: `${folder}${String(taken).padStart(2, '0')}-${what}.png` })
  }
  /** Axe must find nothing serious in what is seen, and nothing may stand out of the window. */
  const judge = async (page: Page, what: string): Promise<void> => {
    await keep(page, what)
    const { violations } = await new AxeBuilder({ page }).analyze()
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    expect(serious.map(({ id, nodes }) => `${what}: ${id} ${nodes[0]?.html}`)).toEqual([])
    const wider = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    expect(wider, `${what} is wider than its window`).toBeLessThanOrEqual(1)
  }
  /** The same at each of these sizes, as `what-<width>`, with this part in sight; the first size is that of the window after. */
  const judgeAt = async (page: Page, sizes: readonly Size[], what: string, part?: Locator): Promise<void> => {
    for (const size of sizes) {
      await page.setViewportSize(size)
      await part?.scrollIntoViewIfNeeded()
      await judge(page, `${what}-${size.width}`)
    }
    const [first] = sizes
    if (first !== undefined) await page.setViewportSize(first)
  }
  return { keep, judge, judgeAt }
}
