import { buildWeb } from './bootstrap/web.mjs'

await buildWeb(process.execPath)
console.log('The pages are built: web/dist')
