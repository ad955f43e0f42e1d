/** One name, one colour, in both modes. Everything that draws (antd, our own CSS, charts) takes its colours from here. */
export interface Palette {
  paper: string
  surface: string
  raised: string
  ink: string
  quiet: string
  line: string
  /** Outline of inputs: darker than `line`, because a control must be found (WCAG 1.4.11). */
  outline: string
  jade: string
  /** Under the pointer: away from the paper, so that text on it keeps its contrast. */
  jadeHover: string
  jadeActive: string
  jadeSoft: string
  onJade: string
  amber: string
  amberSoft: string
  good: string
  goodText: string
  warning: string
  warningText: string
  bad: string
  badText: string
  info: string
  infoText: string
  /** The sandbox strip: must never be mistaken for the real platform. */
  sandbox: string
  sandboxInk: string
  shadow: string
}

export const light: Palette = {
  paper: '#FAF8F4',
  surface: '#FFFFFF',
  raised: '#FFFFFF',
  ink: '#1F2328',
  quiet: '#6B6F76',
  line: '#E9E4DB',
  outline: '#CFC8BB',
  jade: '#0E7C66',
  jadeHover: '#0B6B58',
  jadeActive: '#095746',
  jadeSoft: '#EAF4F1',
  onJade: '#FFFFFF',
  amber: '#E8A13A',
  amberSoft: '#FDF3E1',
  good: '#2E9E6B',
  goodText: '#1C7A50',
  warning: '#C9851A',
  warningText: '#8A5A0B',
  bad: '#D14343',
  badText: '#B32F2F',
  info: '#3B6FB6',
  infoText: '#2F5F9F',
  sandbox: '#3A2F12',
  sandboxInk: '#FBE3B0',
  shadow: '0 1px 2px rgba(31, 35, 40, .04), 0 4px 16px rgba(31, 35, 40, .05)',
}

export const dark: Palette = {
  paper: '#15171A',
  surface: '#1D2024',
  raised: '#25292E',
  ink: '#E9E6E0',
  quiet: '#A3A7AE',
  line: '#32363C',
  outline: '#4A5058',
  jade: '#3FB598',
  jadeHover: '#55C6AA',
  jadeActive: '#6FD3BA',
  jadeSoft: '#17342E',
  onJade: '#0A1613',
  amber: '#E8A13A',
  amberSoft: '#3A2D14',
  good: '#4CBB87',
  goodText: '#63CB99',
  warning: '#E0A242',
  warningText: '#E8B45F',
  bad: '#E56A6A',
  badText: '#F08A8A',
  info: '#6C9FE0',
  infoText: '#8AB4EA',
  sandbox: '#4A3A10',
  sandboxInk: '#FBE3B0',
  shadow: '0 1px 2px rgba(0, 0, 0, .3), 0 4px 16px rgba(0, 0, 0, .25)',
}

export type Mode = 'light' | 'dark'

export function palette(mode: Mode): Palette {
  return mode === 'dark' ? dark : light
}

/** Series of a chart, in this order; each also gets its own symbol and dash so that colour is never the only difference. */
export const series = ['#0E7C66', '#E8A13A', '#B4532A', '#4C5FB8', '#8A4B7F', '#8C9097'] as const

export const fontFamily = '"PingFang SC","Microsoft YaHei","Noto Sans SC",system-ui,sans-serif'

/** For English: Chinese fonts draw ’ and “ ” as wide as a character, so these few come from a Latin one (base.css). */
export const englishFontFamily = `"Latin Quotes",${fontFamily}`

/** Writes the palette as CSS variables (`--ny-ink`, `--ny-jade-soft`, …) and tells the browser which mode it is in. */
export function applyPalette(mode: Mode, root: HTMLElement = document.documentElement): void {
  for (const [name, value] of Object.entries(palette(mode))) {
    root.style.setProperty(`--ny-${name.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`, value)
  }
  root.style.colorScheme = mode
  root.dataset.theme = mode
}
