// Builds every app that has an index.html into web/dist/<app>; `node scripts/build.mjs phone` builds one.
import { existsSync } from 'node:fs'
import { build } from 'vite'
import { appConfig, apps } from '../vite.config.ts'

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !(name in apps))
if (unknown) {
  console.error(`No app is called ${unknown}; there are ${Object.keys(apps).join(', ')}.`)
  process.exit(2)
}

for (const name of asked.length > 0 ? asked : Object.keys(apps)) {
  const config = appConfig(name)
  if (!existsSync(`${config.root}/index.html`)) continue
  const started = performance.now()
  await build({ ...config, configFile: false, logLevel: 'warn' })
  console.log(`built ${name} in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}
