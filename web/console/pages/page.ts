import { lazyRouteComponent } from '@tanstack/react-router'
import type { FunctionComponent } from 'react'
import type { MenuId } from '../frame/menu.ts'

export interface PageEntry {
  path: string
  menu: MenuId
  /** Without it everybody who is logged in may see the page; the server decides again on every request. */
  permission: string | undefined
  component: ReturnType<typeof lazyRouteComponent>
}

type Components<Name extends string> = Record<Name, FunctionComponent>

/**
 * One page: its address (`$id` for a detail), the menu entry that it belongs to, and where its component is.
 * The code arrives when somebody goes there, or a moment earlier when the pointer rests on the entry.
 */
export function page<Name extends string>(
  path: string,
  menu: MenuId,
  load: () => Promise<Components<Name>>,
  name: NoInfer<Name>,
  permission?: string,
): PageEntry {
  return { path, menu, permission, component: lazyRouteComponent(load, name) }
}
