import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { App as AntdApp, ConfigProvider } from 'antd'
import zhCN from 'antd/locale/zh_CN'
import { useLayoutEffect, useMemo } from 'react'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { antdTheme } from '#shared/theme/antd.ts'
import { applyPalette } from '#shared/theme/tokens.ts'
import { useMode, useMotion, usePreferences } from './lib/preferences.ts'
import { queryClient } from './lib/queryClient.ts'
import { router } from './router.tsx'

export function App() {
  const mode = useMode()
  const { density } = usePreferences()
  const language = useLanguage()
  const motion = useMotion()
  const theme = useMemo(() => antdTheme(mode, density, motion, language === 'en'), [mode, density, motion, language])
  useLayoutEffect(() => applyPalette(mode), [mode])
  // antd speaks English by itself; only Chinese needs its words.
  return (
    <ConfigProvider
      theme={theme}
      {...(language === 'zh-CN' ? { locale: zhCN } : {})}
      button={{ autoInsertSpace: false }}
    >
      <AntdApp>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AntdApp>
    </ConfigProvider>
  )
}
