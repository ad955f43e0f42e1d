import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

/** Whoever has no mouse: from one stop to the next, each of which must be seen, not covered, and further on. */
export interface Keys {
  /** Tabs on (or back) until the focus stands here. */
  to(there: Locator, way?: 'Tab' | 'Shift+Tab'): Promise<void>
  press(...keys: string[]): Promise<void>
  /** Puts this in the place of what a field says. */
  write(there: Locator, text: string): Promise<void>
}

/** More stops than any page has between two things that somebody wants: beyond is a trap. */
const mostStops = 120

/**
 * Runs in the page after every stop. What the last stop looks like now that it has lost the focus is compared with what
 * it looked like with it: an outline, a border, a shadow or a ground must have changed, on it or near it.
 */
const lookAtStop = `(async () => {
  const settled = () => Promise.allSettled(
    document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished))
  const looks = (stop) => {
    const near = [stop, ...(stop.parentElement?.children ?? [])]
    for (let up = stop.parentElement, n = 0; up && n < 4; up = up.parentElement, n += 1) near.push(up)
    return near.flatMap((one) => [null, '::before', '::after'].map((part) => {
      const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor } = getComputedStyle(one, part)
      return [outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor].join()
    })).join('|')
  }
  await settled()
  const said = []
  const last = globalThis.lastStop
  const stop = document.activeElement
  const name = (one) => one.getAttribute('aria-label') ?? (one.innerText?.trim().slice(0, 30) || one.outerHTML.slice(0, 120))
  if (last?.stop.isConnected && last.stop !== stop && last.looks === looks(last.stop))
    said.push('is not seen to have the focus: ' + name(last.stop))
  if (stop === null || stop === document.body) { globalThis.lastStop = undefined; return said }
  const box = stop.getBoundingClientRect()
  const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
  if (hit === null || !(hit.contains(stop) || stop.contains(hit) || hit.closest('label')?.contains(stop)))
    said.push('is out of sight or covered by ' + (hit === null ? 'the edge of the window' : name(hit)) + ': ' + name(stop))
  const inMain = (one) => one.closest('main') !== null && one.closest('[role=dialog]') === null
  const place = { left: box.left, right: box.right, top: box.top + scrollY, bottom: box.bottom + scrollY }
  const before = last?.place
  if (before && last.stop === globalThis.stoodAt && last.way === globalThis.stopWay && inMain(stop) && inMain(last.stop)) {
    const [first, second] = last.way === 'Tab' ? [before, place] : [place, before]
    if (second.bottom <= first.top && second.left < first.right)
      said.push('jumps up from ' + name(last.stop) + ' to ' + name(stop))
  }
  globalThis.lastStop = { stop, place, looks: looks(stop), way: globalThis.stopWay }
  return said
})()`

export function openKeys(page: Page): Keys {
  const isThere = async (there: Locator) => (await there.and(page.locator(':focus')).count()) > 0
  const keys: Keys = {
    async to(there, way = 'Tab') {
      await there.waitFor({ state: 'attached' })
      await page.evaluate(`globalThis.stopWay = '${way}'`)
      for (let stops = 0; stops < mostStops; stops += 1) {
        if (await isThere(there)) return
        await page.evaluate('globalThis.stoodAt = document.activeElement')
        await page.keyboard.press(way)
        expect(await page.evaluate(lookAtStop)).toEqual([])
      }
      throw new Error(`${there} was not reached by ${mostStops} times ${way}`)
    },
    async press(...pressed) {
      for (const key of pressed) await page.keyboard.press(key)
    },
    async write(there, text) {
      await keys.to(there)
      await keys.press('Control+a')
      await page.keyboard.insertText(text)
    },
  }
  return keys
}
