// What a newcomer downloads before the log-in and before Today can be used, gzipped; fails above the budget.
// The Chinese font counts apart: machines that have one download none of it, the others get it after the first paint.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const budgets = [
  { app: 'console', name: 'console: log-in', entries: ['index.html', 'pages/login/LoginPage.tsx'], most: 300 * 1024 },
  {
    app: 'console',
    name: 'console: Today',
    entries: ['index.html', 'frame/Frame.tsx', 'pages/today/TodayPage.tsx'],
    most: 300 * 1024,
  },
]

function closure(manifest, entries) {
  const files = new Set()
  const seen = new Set()
  const visit = (key) => {
    if (seen.has(key)) return
    seen.add(key)
    const chunk = manifest[key]
    if (!chunk) throw new Error(`${key} is not in the build; run: npm run build -w @nuanyu/web`)
    files.add(chunk.file)
    for (const css of chunk.css ?? []) files.add(css)
    for (const next of chunk.imports ?? []) visit(next)
  }
  for (const entry of entries) visit(entry)
  return [...files]
}

let failed = false
for (const { app, name, entries, most } of budgets) {
  const dist = fileURLToPath(new URL(`../dist/${app}/`, import.meta.url))
  const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8'))
  const parts = ['index.html', ...closure(manifest, entries)].map((file) => ({
    file,
    size: gzipSync(readFileSync(dist + file), { level: 9 }).length,
  }))
  const total = parts.reduce((sum, part) => sum + part.size, 0)
  const fits = total <= most
  failed ||= !fits
  console.log(`${fits ? 'ok  ' : 'OVER'} ${name}: ${(total / 1024).toFixed(1)} KB gzipped of ${most / 1024} KB`)
  if (!fits || process.argv.includes('--parts')) {
    for (const { file, size } of parts.toSorted((a, b) => b.size - a.size)) {
      console.log(`       ${(size / 1024).toFixed(1).padStart(7)} KB  ${file}`)
    }
  }
}
process.exit(failed ? 1 : 0)
