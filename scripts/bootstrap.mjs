// The only file that must run on any Node: `node scripts/bootstrap.mjs <task> [arguments]`.
// It has no static import, so that an old Node gets as far as the sentence below.
const major = Number(process.versions.node.split('.')[0])
if (major < 18) {
  console.error(
    `Nuanyu needs Node 18 or newer to start; this is ${process.version}. Install a newer one from https://nodejs.org and try again.`,
  )
  console.error(
    `暖域需要 Node 18 或更高版本才能启动,当前为 ${process.version}。请从 https://nodejs.org 安装新版本后重试。`,
  )
  process.exit(1)
}
import('./bootstrap/main.mjs').then((bootstrap) => bootstrap.main(process.argv.slice(2)))
