import '#shared/theme/base.css'
import { createRoot } from 'react-dom/client'
import { onSignedOut } from '#shared/api/client.ts'
import { loadChineseFont } from '#shared/fonts/load.ts'
import { currentLanguage, i18n } from '#shared/i18n/i18n.ts'
import { App } from './App.tsx'
import { queryClient } from './lib/queryClient.ts'
import { router } from './router.tsx'

function followLanguage(): void {
  document.documentElement.lang = currentLanguage()
}

followLanguage()
i18n.on('languageChanged', followLanguage)

onSignedOut(() => {
  queryClient.clear()
  const { href } = router.state.location
  void router.navigate({ to: '/login', search: { next: href } })
})

const element = document.getElementById('root')
if (element) createRoot(element).render(<App />)
void loadChineseFont()
