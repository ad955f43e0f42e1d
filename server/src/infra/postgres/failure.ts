// Everything that can keep the embedded database from starting, as sentences for the person at the terminal:
// what happened, why, what to do; English first, then Chinese, because both read the same log.

export type FailureCode =
  | 'unsupported_platform'
  | 'folder_not_writable'
  | 'folder_in_use'
  | 'other_major_version'
  | 'key_file_missing'
  | 'disk_full'
  | 'port_taken'
  | 'other_owner'
  | 'no_account'
  | 'did_not_start'

export class EmbeddedPostgresError extends Error {
  readonly code: FailureCode
  readonly messageZh: string

  constructor(code: FailureCode, message: string, messageZh: string, cause?: unknown) {
    super(`${message}\n  ${messageZh}`, { cause })
    this.name = 'EmbeddedPostgresError'
    this.code = code
    this.messageZh = messageZh
  }
}

export function folderNotWritable(folder: string, cause: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'folder_not_writable',
    `The data folder ${folder} cannot be written to. Give this account write access to it, or set DATA_DIR to a folder it may write.`,
    `数据目录 ${folder} 无法写入。请授予当前账号写权限，或把 DATA_DIR 设为可写的目录。`,
    cause,
  )
}

export function diskFull(folder: string, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'disk_full',
    `The disk that holds ${folder} is full, so the database cannot start. Free some space (at least 500 MB) and start again; stored data is intact.`,
    `${folder} 所在磁盘已满，数据库无法启动。请至少腾出 500 MB 空间后重新启动；已保存的数据不受影响。`,
    cause,
  )
}

export function otherMajorVersion(folder: string, found: string, wanted: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'other_major_version',
    `The data in ${folder} was written by PostgreSQL ${found}, but this release brings PostgreSQL ${wanted}. Start the release that wrote it and export the data, or set DATA_DIR to a new folder.`,
    `${folder} 中的数据由 PostgreSQL ${found} 写入，而当前版本自带 PostgreSQL ${wanted}。请用原版本启动并导出数据，或把 DATA_DIR 设为新目录。`,
  )
}

/** What the files in a system error's code mean for the folder, or undefined when it is something else. */
export function folderFailure(folder: string, error: unknown): EmbeddedPostgresError | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR')
    return folderNotWritable(folder, error)
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(folder, error)
  return undefined
}

/** Reads PostgreSQL's own last words and says them in ours. */
export function startFailure(folder: string, output: string): EmbeddedPostgresError {
  if (/No space left on device|Disk quota exceeded/i.test(output)) return diskFull(folder)
  if (/database files are incompatible|initialized by PostgreSQL version/i.test(output)) {
    const found = /version (\d+)/.exec(output)?.[1] ?? '?'
    const wanted = /this version (\d+)|compatible with this version (\d+)/.exec(output)
    return otherMajorVersion(folder, found, wanted?.[1] ?? wanted?.[2] ?? '?')
  }
  if (/wrong ownership/i.test(output)) {
    return new EmbeddedPostgresError(
      'other_owner',
      `The database in ${folder} belongs to another operating-system account. Start as the account that created it, or give the folder to the present one (chown -R).`,
      `${folder} 中的数据库属于另一个系统账号。请用创建它的账号启动，或把目录的所有权改给当前账号(chown -R)。`,
    )
  }
  if (/Address already in use|could not bind/i.test(output)) {
    return new EmbeddedPostgresError(
      'port_taken',
      'The port chosen for the embedded database was taken by another program in that moment. Start again.',
      '为内置数据库选定的端口刚被其他程序占用，请重新启动。',
    )
  }
  const lastWords = output.trim().split('\n').slice(-6).join('\n')
  return new EmbeddedPostgresError(
    'did_not_start',
    `The embedded database in ${folder} did not start. PostgreSQL said:\n${lastWords}`,
    `${folder} 中的内置数据库未能启动,PostgreSQL 的输出见上。`,
  )
}
