import { type ThemeConfig, theme } from 'antd'
import { fontFamily, type Mode, palette } from './tokens.ts'

export type Density = 'comfortable' | 'compact'

/** The antd theme of `design/ui.md`: same names in light and dark, 8-px grid, radius 8, one soft shadow. */
export function antdTheme(mode: Mode, density: Density): ThemeConfig {
  const c = palette(mode)
  const algorithms = [mode === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm]
  if (density === 'compact') algorithms.push(theme.compactAlgorithm)
  return {
    algorithm: algorithms,
    token: {
      colorPrimary: c.jade,
      colorLink: c.jade,
      colorInfo: c.info,
      colorSuccess: c.good,
      colorWarning: c.warning,
      colorError: c.bad,
      colorBgLayout: c.paper,
      colorBgContainer: c.surface,
      colorBgElevated: c.raised,
      colorText: c.ink,
      colorTextHeading: c.ink,
      colorTextSecondary: c.quiet,
      colorTextDescription: c.quiet,
      colorTextTertiary: c.quiet,
      colorTextPlaceholder: c.quiet,
      colorSuccessText: c.goodText,
      colorWarningText: c.warningText,
      colorErrorText: c.badText,
      colorInfoText: c.infoText,
      colorBorder: c.outline,
      colorBorderSecondary: c.line,
      colorSplit: c.line,
      colorTextLightSolid: c.onJade,
      borderRadius: 8,
      fontFamily,
      fontSize: 14,
      lineHeight: 1.6,
      boxShadow: c.shadow,
      boxShadowTertiary: c.shadow,
      wireframe: false,
    },
    components: {
      Tooltip: { colorBgSpotlight: '#2A2E33', colorTextLightSolid: '#FFFFFF' },
      Layout: { headerBg: c.surface, siderBg: c.surface, bodyBg: c.paper, headerHeight: 56, headerPadding: '0 16px' },
      Menu: { itemBorderRadius: 8, itemHeight: 38, subMenuItemBg: 'transparent', activeBarBorderWidth: 0 },
      Table: { headerBg: c.paper, headerColor: c.quiet, headerSplitColor: 'transparent', rowHoverBg: c.paper },
      Button: { fontWeight: 500, primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
    },
  }
}
