import { type PageEntry, page } from './page.ts'

/**
 * Every page of the console, one line each; the order is free, the menu has its own. See web/README.md.
 * A line is: address, menu entry, loader, component, permission (optional).
 */
export const pages: readonly PageEntry[] = [
  page(
    '/customers/list',
    'customer-list',
    () => import('./customers/CustomersPage.tsx'),
    'CustomersPage',
    'customers.read',
  ),
  page(
    '/customers/list/$id',
    'customer-list',
    () => import('./customers/CustomerPage.tsx'),
    'CustomerPage',
    'customers.read',
  ),
  page(
    '/customers/duplicates',
    'duplicates',
    () => import('./customers/DuplicatesPage.tsx'),
    'DuplicatesPage',
    'customers.read',
  ),
  page('/', 'today', () => import('./today/TodayPage.tsx'), 'TodayPage', 'today.read'),
  page('/acquisition/welcomes', 'welcome', () => import('./welcome/WelcomesPage.tsx'), 'WelcomesPage', 'welcome.read'),
  page('/settings/connect', 'connect', () => import('./guide/ConnectPage.tsx'), 'ConnectPage', 'guide.read'),
  page('/settings/limits', 'limits', () => import('./system/LimitsPage.tsx'), 'LimitsPage', 'limits.read'),
  page(
    '/settings/callbacks',
    'callbacks',
    () => import('./intake/CallbacksPage.tsx'),
    'CallbacksPage',
    'callbacks.read',
  ),
  page('/settings/status', 'status', () => import('./system/StatusPage.tsx'), 'StatusPage', 'system.read'),
  page('/organisation/staff', 'staff', () => import('./organisation/StaffPage.tsx'), 'StaffPage', 'staff.read'),
  page('/organisation/stores', 'stores', () => import('./organisation/StoresPage.tsx'), 'StoresPage', 'stores.read'),
  page('/organisation/roles', 'roles', () => import('./accounts/AccountsPage.tsx'), 'AccountsPage', 'accounts.read'),
  page('/commerce/orders', 'orders', () => import('./commerce/OrdersPage.tsx'), 'OrdersPage', 'orders.read'),
  page('/content/products', 'products', () => import('./commerce/ProductsPage.tsx'), 'ProductsPage', 'products.read'),
  page('/settings/open-api', 'open-api', () => import('./keys/KeysPage.tsx'), 'KeysPage', 'keys.read'),
  page('/settings/audit', 'audit', () => import('./audit/AuditPage.tsx'), 'AuditPage', 'audit.read'),
  page('/account', 'account', () => import('./accounts/MyAccountPage.tsx'), 'MyAccountPage'),
  page(
    '/acquisition/channels',
    'channels',
    () => import('./channels/ChannelsPage.tsx'),
    'ChannelsPage',
    'channels.read',
  ),
  page(
    '/acquisition/channels/new',
    'channels',
    () => import('./channels/ChannelWizardPage.tsx'),
    'ChannelWizardPage',
    'channels.write',
  ),
  page(
    '/acquisition/channels/capacity',
    'channels',
    () => import('./channels/CapacityPage.tsx'),
    'CapacityPage',
    'channels.read',
  ),
  page(
    '/acquisition/channels/orphans',
    'channels',
    () => import('./channels/OrphansPage.tsx'),
    'OrphansPage',
    'channels.read',
  ),
  page(
    '/acquisition/channels/$id',
    'channels',
    () => import('./channels/ChannelPage.tsx'),
    'ChannelPage',
    'channels.read',
  ),
  page(
    '/acquisition/channels/$id/edit',
    'channels',
    () => import('./channels/ChannelWizardPage.tsx'),
    'ChannelWizardPage',
    'channels.write',
  ),
]
