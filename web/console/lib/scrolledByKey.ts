/**
 * For the `ref` of what stands around a table: a table that is wider than its place scrolls, and where nothing in it can
 * be reached by key, it must be scrolled by key itself. Given as a new function, so that it runs after each rendering.
 */
export function scrolledByKey(around: HTMLElement | null): void {
  around?.querySelector('.ant-table-content')?.setAttribute('tabindex', '0')
}
