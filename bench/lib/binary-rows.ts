import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

const full = 1 << 18
const room = 1 << 15

/** Rows in PostgreSQL's binary COPY format, a buffer at a time. No row may be longer than 32 kB. */
export class BinaryRows {
  private buffer = Buffer.allocUnsafe(full + room)
  private at = 0

  constructor() {
    this.buffer.write('PGCOPY\n\xff\r\n\0', 'latin1')
    this.at = this.buffer.fill(0, 11, 19) && 19
  }

  row(fields: number): void {
    this.at = this.buffer.writeInt16BE(fields, this.at)
  }

  int2(value: number): void {
    this.at = this.buffer.writeInt16BE(value, this.buffer.writeInt32BE(2, this.at))
  }

  int4(value: number): void {
    this.at = this.buffer.writeInt32BE(value, this.buffer.writeInt32BE(4, this.at))
  }

  /** Of numbers that are not negative and exact in a double. */
  int8(value: number): void {
    const { buffer } = this
    const at = buffer.writeInt32BE(8, this.at)
    this.at = buffer.writeUInt32BE(value % 0x1_0000_0000, buffer.writeUInt32BE(Math.floor(value / 0x1_0000_0000), at))
  }

  none(): void {
    this.at = this.buffer.writeInt32BE(-1, this.at)
  }

  text(bytes: Buffer): void {
    const at = this.buffer.writeInt32BE(bytes.length, this.at)
    this.at = at + bytes.copy(this.buffer, at)
  }

  /** An array of one text. */
  textArray(only: Buffer): void {
    const { buffer } = this
    let at = buffer.writeInt32BE(20 + 4 + only.length, this.at)
    // dimensions, nulls, oid of text, length, lower bound
    for (const value of [1, 0, 25, 1, 1]) at = buffer.writeInt32BE(value, at)
    this.at = at
    this.text(only)
  }

  bits(bytes: Uint8Array): void {
    const { buffer } = this
    const at = buffer.writeInt32BE(bytes.length * 8, buffer.writeInt32BE(4 + bytes.length, this.at))
    buffer.set(bytes, at)
    this.at = at + bytes.length
  }

  get isFull(): boolean {
    return this.at >= full
  }

  /** What was written since the last time. */
  take(): Buffer {
    const taken = this.buffer.subarray(0, this.at)
    this.buffer = Buffer.allocUnsafe(full + room)
    this.at = 0
    return taken
  }

  end(): Buffer {
    this.at = this.buffer.writeInt16BE(-1, this.at)
    return this.take()
  }
}

/** What writes rows into `rows`; it stops after each row, so that a full buffer can be sent. */
export type Fill = (rows: BinaryRows) => Iterable<void>

function* buffers(fill: Fill): Generator<Buffer> {
  const rows = new BinaryRows()
  for (const _ of fill(rows)) if (rows.isFull) yield rows.take()
  yield rows.end()
}

/**
 * Fills a table that is emptied for it. Its rows are written as everybody sees them from the start, and its indexes are
 * made afterwards: no second pass over the table is needed.
 */
export async function fillTable(client: pg.ClientBase, table: string, columns: string, fill: Fill): Promise<void> {
  await client.query('begin')
  await client.query(`truncate ${table}`)
  const indexes = await takeIndexes(client, table)
  const copy = client.query(copyFrom(`copy ${table} (${columns}) from stdin (format binary, freeze)`))
  await pipeline(Readable.from(buffers(fill)), copy)
  for (const index of indexes) await client.query(index)
  await client.query('commit')
  await client.query(`vacuum (analyze) ${table}`)
}

/** Drops the indexes of a table and answers how to make them again. */
async function takeIndexes(client: pg.ClientBase, table: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string; def: string; primary: string | null }>(
    `select i.relname as name, pg_get_indexdef(i.oid) as def, c.conname as primary from pg_index x
     join pg_class i on i.oid = x.indexrelid left join pg_constraint c on c.conindid = i.oid where x.indrelid = $1::regclass`,
    [table],
  )
  for (const { name, primary } of rows)
    await client.query(primary ? `alter table ${table} drop constraint ${primary}` : `drop index ${name}`)
  return rows.map(({ name, def, primary }) =>
    primary ? `${def}; alter table ${table} add constraint ${primary} primary key using index ${name}` : def,
  )
}
