/**
 * Arrays as PostgreSQL reads them from text, to be cast where they stand: `${numberArray(ids)}::bigint[]`. The driver
 * would look at the type of every element of a batch's columns; these know it.
 */
export function numberArray(numbers: readonly (number | null)[]): string {
  return `{${numbers.map((one) => one ?? 'NULL').join(',')}}`
}

export function textArray(texts: readonly (string | null | undefined)[]): string {
  return `{${texts.map(quoted).join(',')}}`
}

const special = /["\\]/

function quoted(text: string | null | undefined): string {
  if (text === null || text === undefined) return 'NULL'
  return special.test(text) ? `"${text.replaceAll(/["\\]/g, '\\$&')}"` : `"${text}"`
}
