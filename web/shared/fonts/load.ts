/**
 * Chinese for machines that have none. Windows and macOS bring their own (first in the family list), so they
 * download nothing; elsewhere the style sheet comes after the first paint, and the browser then fetches only the
 * 30-odd KB subsets whose characters are on the page.
 */
const own = ['PingFang SC', 'Microsoft YaHei', 'Noto Sans SC']

export async function loadChineseFont(): Promise<void> {
  if (own.some(isInstalled)) return
  await Promise.all([import('@fontsource/noto-sans-sc/400.css'), import('@fontsource/noto-sans-sc/600.css')])
}

/** A family that exists changes the width of Latin letters against at least one of two generic families. */
function isInstalled(family: string): boolean {
  const context = document.createElement('canvas').getContext('2d')
  if (!context) return false
  return ['monospace', 'serif'].some((generic) => {
    context.font = `72px ${generic}`
    const without = context.measureText('mmMwWLliI0&1').width
    context.font = `72px "${family}", ${generic}`
    return context.measureText('mmMwWLliI0&1').width !== without
  })
}
