import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin, type ProxyOptions, type UserConfig } from 'vite'

/** Every page bundle that leaves this workspace. Adding one is a line here and a folder with an index.html. */
export const apps = {
  console: {
    base: '/',
    port: 5173,
    upstream: serverUrl,
    proxied: ['/api', '/v1', '/callbacks', '/c', '/healthz', '/h5'],
  },
  phone: {
    base: '/',
    port: 5174,
    upstream: sandboxUrl,
    proxied: ['/sandbox', '/cgi-bin', '/connect', '/wwlogin', '/qr', '/faces', '/media'],
  },
  h5: { base: '/h5/', port: 5175, upstream: serverUrl, proxied: ['/api', '/c'] },
} as const

export type AppName = keyof typeof apps

function serverUrl(): string {
  return `http://127.0.0.1:${process.env.PORT ?? '3000'}`
}

function sandboxUrl(): string {
  return `http://127.0.0.1:${process.env.SANDBOX_PORT ?? '3001'}`
}

/** Fontsource offers woff beside woff2; every browser we support reads woff2, and 100 subsets twice is 4 MB more. */
function woff2Only(): Plugin {
  return {
    name: 'woff2-only',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('@fontsource') || !id.endsWith('.css')) return null
      return { code: code.replaceAll(/,\s*url\([^)]*\.woff\) format\('woff'\)/g, ''), map: null }
    },
  }
}

/**
 * What the console's first page needs in any case, in one file: as some forty small ones it cost a KB of headers each.
 * Only what every page loads belongs here; tables, forms and charts come with the pages that show them.
 */
const consoleCore = [
  'react|react-dom|scheduler|react-i18next|i18next|use-sync-external-store|html-parse-stringify|openapi-fetch',
  'clsx|stylis|throttle-debounce|is-mobile|@emotion/[^/]+|@babel/runtime|@tanstack/[^/]+',
  '@ant-design/(cssinjs|cssinjs-utils|colors|fast-color)|@ant-design/icons/es/(components|utils|hooks)',
  '@rc-component/(util|motion|portal|trigger|resize-observer|tooltip|notification|dialog)',
  'antd/locale|antd/es/(theme|_util|config-provider|style|button|popover|tooltip|skeleton|badge)',
  'antd/es/(modal|message|notification|app|space|locale|watermark)',
].join('|')

export function appConfig(name: AppName): UserConfig {
  const app = apps[name]
  const proxy: Record<string, ProxyOptions> = {}
  for (const path of app.proxied) proxy[path] = { target: app.upstream(), changeOrigin: false, ws: false }
  return {
    root: fileURLToPath(new URL(`./${name}`, import.meta.url)),
    base: app.base,
    plugins: [woff2Only(), react()],
    server: { port: app.port, strictPort: true, proxy },
    preview: { port: app.port, proxy },
    build: {
      outDir: fileURLToPath(new URL(`./dist/${name}`, import.meta.url)),
      emptyOutDir: true,
      target: 'es2022',
      manifest: true,
      // A font subset below 4 KB would be written into the style sheet, and the sheet is what everybody downloads.
      assetsInlineLimit: (file) => (file.endsWith('.woff2') ? false : undefined),
      chunkSizeWarningLimit: 1200,
      rolldownOptions: {
        output:
          name === 'console'
            ? { codeSplitting: { groups: [{ name: 'core', test: new RegExp(`node_modules/(${consoleCore})/`) }] } }
            : {},
      },
    },
  }
}

function isAppName(name: string): name is AppName {
  return name in apps
}

export default defineConfig(() => {
  const name = process.env.APP ?? 'console'
  if (!isAppName(name)) throw new Error(`APP=${name} is no app; choose one of ${Object.keys(apps).join(', ')}`)
  return appConfig(name)
})
