export { customerSite, linkAddress } from './links/link-settings.ts'
export { mintLinks, siteOfCorp, tokenOwner, type WantedLink } from './links/links.store.ts'
export { type Opened, openedByRun } from './links/opens.store.ts'
