import { type PageEntry, page } from './page.ts'

/**
 * Every page of the console, one line each; the order is free, the menu has its own. See web/README.md.
 * A line is: address, menu entry, loader, component, permission (optional).
 */
export const pages: readonly PageEntry[] = [
  page('/', 'today', () => import('./today/TodayPage.tsx'), 'TodayPage', 'today.read'),
  page('/acquisition/welcomes', 'welcome', () => import('./welcome/WelcomesPage.tsx'), 'WelcomesPage', 'welcome.read'),
  page('/settings/limits', 'limits', () => import('./system/LimitsPage.tsx'), 'LimitsPage', 'limits.read'),
  page(
    '/settings/callbacks',
    'callbacks',
    () => import('./intake/CallbacksPage.tsx'),
    'CallbacksPage',
    'callbacks.read',
  ),
  page('/settings/status', 'status', () => import('./system/StatusPage.tsx'), 'StatusPage', 'system.read'),
  page('/organisation/roles', 'roles', () => import('./accounts/AccountsPage.tsx'), 'AccountsPage', 'accounts.read'),
  page('/settings/audit', 'audit', () => import('./audit/AuditPage.tsx'), 'AuditPage', 'audit.read'),
  page('/account', 'account', () => import('./accounts/MyAccountPage.tsx'), 'MyAccountPage'),
]
