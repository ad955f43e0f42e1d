import { type ThemeConfig, theme } from 'antd'
import { mixed } from './mixed.ts'
import { englishFontFamily, fontFamily, type Mode, palette } from './tokens.ts'

export type Density = 'comfortable' | 'compact'

/** The antd theme of `design/ui.md`: same names in light and dark, 8-px grid, radius 8, one soft shadow. */
export function antdTheme(mode: Mode, density: Density, motion = true, english = false): ThemeConfig {
  const c = palette(mode)
  // antd derives greyish tints from muted colours; ours are the colour itself over the surface.
  const tint = (colour: string, share: number) => mixed(colour, c.surface, share)
  const algorithms = [mode === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm]
  if (density === 'compact') algorithms.push(theme.compactAlgorithm)
  return {
    algorithm: algorithms,
    token: {
      colorPrimary: c.jade,
      colorPrimaryHover: c.jadeHover,
      colorPrimaryActive: c.jadeActive,
      colorLink: c.jade,
      colorLinkHover: c.jadeHover,
      colorLinkActive: c.jadeActive,
      colorErrorHover: mixed(c.bad, c.ink, 0.85),
      colorErrorActive: mixed(c.bad, c.ink, 0.7),
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
      colorPrimaryBg: c.jadeSoft,
      colorPrimaryBgHover: tint(c.jade, 0.18),
      colorSuccessBg: tint(c.good, 0.12),
      colorSuccessBorder: tint(c.good, 0.35),
      colorWarningBg: tint(c.warning, 0.12),
      colorWarningBorder: tint(c.warning, 0.4),
      colorErrorBg: tint(c.bad, 0.1),
      colorErrorBorder: tint(c.bad, 0.35),
      colorInfoBg: tint(c.info, 0.1),
      colorInfoBorder: tint(c.info, 0.35),
      colorSuccessText: c.goodText,
      colorWarningText: c.warningText,
      colorErrorText: c.badText,
      colorInfoText: c.infoText,
      colorBorder: c.outline,
      colorBorderSecondary: c.line,
      colorSplit: c.line,
      colorTextLightSolid: c.onJade,
      borderRadius: 8,
      fontFamily: english ? englishFontFamily : fontFamily,
      fontSize: 14,
      lineHeight: 1.6,
      boxShadow: c.shadow,
      boxShadowTertiary: c.shadow,
      wireframe: false,
      motion,
    },
    components: {
      Tooltip: { colorBgSpotlight: '#2A2E33', colorTextLightSolid: '#FFFFFF' },
      Layout: { headerBg: c.surface, siderBg: c.surface, bodyBg: c.paper, headerHeight: 56, headerPadding: '0 16px' },
      Tag: { colorSuccess: c.goodText, colorWarning: c.warningText, colorError: c.badText, colorInfo: c.infoText },
      Menu: {
        itemSelectedBg: c.jadeSoft,
        itemSelectedColor: c.jade,
        itemBorderRadius: 8,
        itemHeight: 38,
        subMenuItemBg: 'transparent',
        activeBarBorderWidth: 0,
      },
      Table: {
        headerBg: c.paper,
        headerColor: c.quiet,
        headerSplitColor: 'transparent',
        rowHoverBg: c.paper,
        cellPaddingInlineMD: 16,
        cellPaddingBlockMD: 11,
      },
      Button: { fontWeight: 500, primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
    },
  }
}
