export interface OwnersRow {
  external_userid: string
  userid: string | null
}

/** Lines «external_userid,userid»; without a userid nobody is to own him. Answers the number of a line that is neither. */
export function readOwners(text: string): OwnersRow[] | number {
  const rows: OwnersRow[] = []
  for (const [at, line] of text.split('\n').entries()) {
    const [id = '', userid = '', ...more] = line.split(/[,，\t]/).map((part) => part.trim())
    if (id === '' && userid === '') continue
    if (id === '' || /\s/.test(id) || /\s/.test(userid) || more.some((part) => part !== '')) return at + 1
    rows.push({ external_userid: id, userid: userid === '' ? null : userid })
  }
  return rows
}
