import type { MenuButton, MenuRule } from '@nuanyu/wecom'

export interface Menu {
  readonly menuid: number
  readonly button: readonly MenuButton[]
}
export interface ConditionalMenu extends Menu {
  readonly matchrule: MenuRule
}
export interface UserTag {
  readonly id: number
  readonly name: string
}

/** The menu that a brand gave its Official Account, those for some people, and the tags that choose these. */
export interface MenuBook {
  readonly menu: Menu | undefined
  readonly conditional: readonly ConditionalMenu[]
  readonly tags: readonly UserTag[]
  create(button: readonly MenuButton[]): void
  /** The default menu and all others. */
  clear(): void
  addConditional(button: readonly MenuButton[], matchrule: MenuRule): number
  removeConditional(menuid: number): boolean
  /** What somebody sees: of the menus that fit him the latest made. Nobody's phone is known, so only tags choose. */
  seenBy(customer: number): Menu | undefined
  addTag(name: string): UserTag
  tagsOf(customer: number): readonly number[]
  count(tag: number): number
  setTag(customer: number, tag: number, on: boolean): void
  dump(): MenuBookState
  load(state: MenuBookState): void
}

export interface MenuBookState {
  readonly menu: Menu | null
  readonly conditional: readonly ConditionalMenu[]
  readonly tags: readonly UserTag[]
  readonly tagged: readonly (readonly [number, readonly number[]])[]
  readonly made: number
}

const FIRST_MENU = 208_000_000
/** 0, 1 and 2 are the platform's own. */
const FIRST_TAG = 100

export function createMenuBook(): MenuBook {
  let menu: Menu | undefined
  let conditional: ConditionalMenu[] = []
  let tags: UserTag[] = []
  const tagged = new Map<number, readonly number[]>()
  let made = 0

  const fits = (rule: MenuRule, own: readonly number[]) =>
    rule.client_platform_type === undefined && rule.tag_id !== undefined && own.includes(Number(rule.tag_id))
  const tagsOf = (customer: number) => tagged.get(customer) ?? []
  return {
    get menu() {
      return menu
    },
    get conditional() {
      return conditional
    },
    get tags() {
      return tags
    },
    create(button) {
      menu = { menuid: FIRST_MENU + ++made, button }
    },
    clear() {
      menu = undefined
      conditional = []
    },
    addConditional(button, matchrule) {
      const menuid = FIRST_MENU + ++made
      conditional = [...conditional, { menuid, button, matchrule }]
      return menuid
    },
    removeConditional(menuid) {
      const before = conditional.length
      conditional = conditional.filter((one) => one.menuid !== menuid)
      return conditional.length < before
    },
    seenBy: (customer) => conditional.findLast(({ matchrule }) => fits(matchrule, tagsOf(customer))) ?? menu,
    addTag(name) {
      const tag = { id: FIRST_TAG + ++made, name }
      tags = [...tags, tag]
      return tag
    },
    tagsOf,
    count: (tag) => [...tagged.values()].filter((own) => own.includes(tag)).length,
    setTag(customer, tag, on) {
      const others = tagsOf(customer).filter((one) => one !== tag)
      tagged.set(customer, on ? [...others, tag] : others)
    },
    dump: () => ({ menu: menu ?? null, conditional, tags, tagged: [...tagged], made }),
    load(state) {
      menu = state.menu ?? undefined
      conditional = [...state.conditional]
      tags = [...state.tags]
      tagged.clear()
      for (const [customer, own] of state.tagged) tagged.set(customer, own)
      made = state.made
    },
  }
}
