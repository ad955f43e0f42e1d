import '#shared/theme/base.css'
import { createRoot } from 'react-dom/client'
import { onPasswordDue, onSignedOut } from '#shared/api/client.ts'
import { loadChineseFont } from '#shared/fonts/load.ts'
import { currentLanguage, i18n } from '#shared/i18n/i18n.ts'
import { App } from './App.tsx'
import { queryClient } from './lib/queryClient.ts'
import { sessionQuery } from './lib/session.ts'
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

onPasswordDue(() => {
  if (router.state.location.pathname === '/password') return
  void queryClient
    .fetchQuery({ ...sessionQuery, staleTime: 0 })
    .then(() => router.navigate({ to: '/password', replace: true }))
})

const element = document.getElementById('root')
if (element) createRoot(element).render(<App />)
void loadChineseFont()
