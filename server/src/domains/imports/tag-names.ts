import { CellFault } from './cells.ts'

export interface NamedTag {
  readonly id: string
  readonly name: string
  readonly group: string
}

const plain = (name: string) => name.normalize('NFKC').trim().toLowerCase()

/** Tags by what people write: `组/标签`, or the tag alone when only one group has it. */
export interface TagNames {
  /** The tag's id; throws a `CellFault` that says what is to be done. */
  find(field: string, group: string | undefined, name: string): string
}

export function tagNames(tags: readonly NamedTag[]): TagNames {
  const byGroup = new Map(tags.map((tag) => [`${plain(tag.group)}/${plain(tag.name)}`, tag.id]))
  const byName = Map.groupBy(tags, (tag) => plain(tag.name))
  return {
    find(field, group, name) {
      const exact = byGroup.get(group === undefined ? plain(name) : `${plain(group)}/${plain(name)}`)
      if (exact !== undefined) return exact
      const named = group === undefined ? (byName.get(plain(name)) ?? []) : []
      const [only] = named
      if (named.length === 1 && only !== undefined) return only.id
      const shown = group === undefined ? name : `${group}/${name}`
      if (named.length > 1)
        throw new CellFault(
          field,
          { zh: `有 ${named.length} 个标签组都有「${shown}」`, en: `${named.length} groups have a tag “${shown}”` },
          { zh: '请写成「标签组/标签」', en: 'Write “group/tag”' },
        )
      throw new CellFault(
        field,
        { zh: `没有标签「${shown}」`, en: `There is no tag “${shown}”` },
        {
          zh: '请先在 客户 › 标签管理 新建，再导入这一行',
          en: 'Make it under Customers › Tags, then import this row again',
        },
      )
    },
  }
}
