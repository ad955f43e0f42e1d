import { totalmem } from 'node:os'

const mb = 1_048_576

/** An eighth of a large machine's memory; a small one has nothing to spare. */
function sharedMb(): number {
  // a container may have less than its machine
  const memoryMb = Math.min(totalmem(), process.constrainedMemory() || totalmem()) / mb
  return memoryMb < 4_096 ? 128 : Math.min(2_048, 64 * Math.floor(memoryMb / 8 / 64))
}

/**
 * PostgreSQL's own settings. Everything durable; checkpoints close enough together that replaying the log after a crash
 * takes seconds, not minutes, and far enough that a flood does not log every page it touches anew each few seconds.
 */
export function settings(where: { host: string; port: number }, durable = true): string {
  const values: Record<string, string> = {
    ...(where.host.startsWith('/')
      ? { listen_addresses: '', unix_socket_directories: where.host, unix_socket_permissions: '0700' }
      : { listen_addresses: where.host }),
    port: String(where.port),
    max_connections: '100',
    password_encryption: 'scram-sha-256',

    shared_buffers: `${durable ? sharedMb() : 128}MB`,
    effective_cache_size: '1GB',
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    wal_buffers: '16MB',
    random_page_cost: '1.1',
    // Compiling a plan costs more than the short queries of this product take.
    jit: 'off',

    fsync: durable ? 'on' : 'off',
    synchronous_commit: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    // The binaries are built without lz4 and zstd, and pglz takes far more time than the disk saves: with it a flood of orders
    // over millions of persons, each of which touches pages of its own, ran at a quarter of its rate.
    wal_compression: 'off',
    max_wal_size: '3GB',
    min_wal_size: '128MB',
    checkpoint_timeout: '2min',
    checkpoint_completion_target: '0.7',
    ...(process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}),

    // A killed server's queries must not hold its locks and leases for longer than this.
    client_connection_check_interval: '2s',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] %a ',
  }
  const lines = Object.entries(values).map(([name, value]) => `${name} = '${value}'`)
  return [
    '# Written by Nuanyu at each start. Settings of your own belong in postgresql.auto.conf (alter system).',
    ...lines,
    '',
  ].join('\n')
}
