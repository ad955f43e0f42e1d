import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '#shared/theme/base.css'
import './base.css'
import { loadChineseFont } from '#shared/fonts/load.ts'
import { currentLanguage } from '#shared/i18n/i18n.ts'
import { applyPalette } from '#shared/theme/tokens.ts'
import { App } from './stage/app.tsx'

applyPalette('light')
document.documentElement.lang = currentLanguage()
void loadChineseFont()

const client = new QueryClient({
  // The stream says when something changed; asking again on focus would only flicker.
  defaultOptions: { queries: { staleTime: 5_000, refetchOnWindowFocus: false, retry: 1 } },
})
const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
)
