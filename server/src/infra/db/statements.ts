/** What may hold a semicolon that ends nothing: comments, texts, names in quotes, bodies in dollars. */
const pieces = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|;|[^;'"$/-]+|[\s\S]/g

/** The statements of a SQL file, each without its semicolon; nothing for what is comment only. */
export function statementsOf(text: string): readonly string[] {
  const statements: string[] = []
  let statement = ''
  let says = false
  const end = (): void => {
    if (says) statements.push(statement.trim())
    statement = ''
    says = false
  }
  for (const [piece] of text.matchAll(pieces)) {
    if (piece === ';') {
      end()
      continue
    }
    statement += piece
    says ||= !/^(--|\/\*)/.test(piece) && piece.trim() !== ''
  }
  end()
  return statements
}
