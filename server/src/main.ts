import { ConfigError, loadConfig } from './infra/config.ts'
import { createLog } from './infra/log.ts'
import { startFailure } from './infra/start-failure.ts'
import { startServer } from './start.ts'

/** Config → infra → domains → roles; nothing else. */
async function main(): Promise<void> {
  const config = loadConfig(process.env)
  const log = createLog(config.logLevel)
  const starting = startServer(config, log)
  let stopping = false
  const stop = (): void => {
    if (stopping) return // Ctrl-C reaches us from the terminal and through npm
    stopping = true
    starting
      .then(
        (server) => server.stop(),
        () => undefined,
      )
      .then(() => process.exit(0))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  const server = await starting
  process.stdout.write(
    [
      '',
      '  暖域 Nuanyu 已启动 is ready',
      `  控制台 Console:          ${server.consoleUrl}`,
      ...(server.phoneUrl === undefined ? [] : [`  沙箱手机 Sandbox phone:  ${server.phoneUrl}`]),
      `  登录 Log-in:              ${server.account.username}${server.account.password === undefined ? '' : ` / ${server.account.password}`}`,
      '  停止 Stop: Ctrl-C',
      '',
      '',
    ].join('\n'),
  )
}

main().catch((error: unknown) => {
  process.stderr.write(`\n  启动失败 Start failed: ${startFailure(error)}\n`)
  if (!(error instanceof ConfigError) && error instanceof Error && process.env['LOG_LEVEL'] === 'debug')
    process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})
