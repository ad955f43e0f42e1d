import { stringify } from 'csv-stringify/sync'
import type { Actor } from '../../../infra/auth/actor.ts'
import { AppError, type Said } from '../../../infra/errors.ts'
import type { Services } from '../../../infra/services.ts'
import { contentOf, drawn } from './code-content.ts'
import { type PrintRow, printables } from './code-print.store.ts'
import { fileName, type ZipEntry } from './code-zip.ts'

const page = 100

interface PicturesWish {
  readonly group: string
  readonly size: number
  readonly format: 'png' | 'svg'
  readonly language: keyof Said
}

const head = {
  zh: ['文件', '渠道名称', '门店编码', '门店', '码里的内容', '说明'],
  en: ['file', 'channel', 'store_code', 'store', 'content', 'note'],
}

/** Every picture of a group, each read back before it is given out, and in the end the list of what is in the archive. */
export async function* pictureEntries(
  services: Pick<Services, 'db' | 'config'>,
  actor: Actor,
  wish: PicturesWish,
): AsyncGenerator<ZipEntry> {
  const { db, config } = services
  const list: string[][] = []
  const taken = new Set<string>()
  for (let after: string | undefined, rows = await next(after); rows.length > 0; rows = await next(after)) {
    for (const row of rows) {
      const name = unique(
        `${fileName([row.storeCode, row.name].filter((part) => part !== null).join(' '))}.${wish.format}`,
        taken,
      )
      const facts = [row.name, row.storeCode ?? '', row.storeName ?? '']
      try {
        const content = await contentOf(db, config, actor.corpId, row)
        yield { name, bytes: await drawn(content, { format: wish.format, size: wish.size, logo: row.logo }) }
        list.push([name, ...facts, content, ''])
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        list.push(['', ...facts, '', error.said[wish.language]])
      }
    }
    after = rows.at(-1)?.id
  }
  if (list.length > 0) {
    const table = stringify(list, { header: true, columns: head[wish.language], escape_formulas: true })
    yield { name: wish.language === 'zh' ? '打印清单.csv' : 'print-list.csv', bytes: Buffer.from(`\uFEFF${table}`) }
  }

  function next(after: string | undefined): Promise<readonly PrintRow[]> {
    return printables(db, actor, { group: wish.group, limit: page, after })
  }
}

function unique(name: string, taken: Set<string>): string {
  const [, stem = name, extension = ''] = /^(.*)(\.\w+)$/.exec(name) ?? []
  let free = name
  for (let n = 2; taken.has(free); n++) free = `${stem} (${n})${extension}`
  taken.add(free)
  return free
}

/** A value that was taken off a sequence, put back in front of the rest. */
export async function* after<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first
  yield* rest
}
