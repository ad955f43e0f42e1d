import { expect, test } from 'vitest'
import { mixed } from './mixed.ts'
import { dark, light } from './tokens.ts'

/** WCAG 2 relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (high + 0.05) / (low + 0.05)
}

test.each([
  ['light', light],
  ['dark', dark],
] as const)('every text colour of the %s mode can be read on every ground it stands on (4.5 : 1)', (_, c) => {
  const grounds = [c.paper, c.surface, c.raised]
  for (const text of [c.ink, c.quiet, c.jade, c.goodText, c.warningText, c.badText, c.infoText]) {
    for (const ground of grounds) expect(contrast(text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5)
  }
  for (const [text, colour, share] of [
    [c.goodText, c.good, 0.12],
    [c.warningText, c.warning, 0.12],
    [c.badText, c.bad, 0.1],
    [c.infoText, c.info, 0.1],
  ] as const) {
    expect(contrast(text, mixed(colour, c.surface, share)), `${text} on its tint`).toBeGreaterThanOrEqual(4.5)
  }
  for (const ground of [c.jade, c.jadeHover, c.jadeActive])
    expect(contrast(c.onJade, ground)).toBeGreaterThanOrEqual(4.5)
  expect(contrast(c.jade, c.jadeSoft)).toBeGreaterThanOrEqual(4.5)
  expect(contrast(c.ink, c.amberSoft)).toBeGreaterThanOrEqual(4.5)
  expect(contrast(c.sandboxInk, c.sandbox)).toBeGreaterThanOrEqual(4.5)
})
