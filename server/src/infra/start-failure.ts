/** What keeps a server from starting, as a sentence in both languages: what happened, and what to do. */
export function startFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? error.code : undefined
  const port = 'port' in error ? String(error.port) : '?'
  // node-postgres tries several addresses and then keeps the reasons apart
  if (error instanceof AggregateError && error.errors.length > 0) return startFailure(error.errors[0])
  switch (code) {
    case 'EADDRINUSE':
      return `端口 ${port} 已被其他程序占用。请停止该程序，或用 PORT / SANDBOX_PORT 换一个端口。\n  Port ${port} is taken by another program. Stop that one, or choose another port with PORT or SANDBOX_PORT.`
    case 'EACCES':
      if (!('port' in error)) return error.message
      return `当前账号无权使用端口 ${port}。请用 PORT / SANDBOX_PORT 选择 1024 以上的端口。\n  This account may not use port ${port}. Choose one above 1024 with PORT or SANDBOX_PORT.`
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'EHOSTUNREACH':
    case 'ETIMEDOUT':
      return `无法连接 DATABASE_URL 指向的数据库(${error.message})。请检查地址与网络，并确认数据库已启动。\n  The database that DATABASE_URL names does not answer (${error.message}). Check the address and the network, and that the database is up.`
    case '28P01':
    case '28000':
      return `数据库拒绝了 DATABASE_URL 中的账号或密码。请检查后重试。\n  The database refused the account or password in DATABASE_URL (${error.message}). Check them and start again.`
    case '3D000':
      return `DATABASE_URL 中的数据库不存在(${error.message})。请先创建它，见 docs/deployment.md。\n  The database in DATABASE_URL does not exist (${error.message}). Create it first, see docs/deployment.md.`
    default:
      return error.message
  }
}
