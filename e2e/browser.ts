import chromium from '@sparticuz/chromium'
import { type Browser, type BrowserServer, chromium as playwright } from 'playwright-core'

/**
 * The Chromium that comes with npm: no download, no system browser. Its flags for small sandboxes are left out
 * (a single process crashes with it); as root it needs `--no-sandbox`.
 */
export async function launchBrowser(): Promise<Browser> {
  return playwright.launch(await options())
}

/** The same, for several processes to connect to. */
export async function serveBrowser(): Promise<BrowserServer> {
  return playwright.launchServer(await options())
}

async function options() {
  chromium.setGraphicsMode = false
  return {
    executablePath: await chromium.executablePath(),
    headless: true,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--font-render-hinting=none', '--force-color-profile=srgb'],
  }
}
