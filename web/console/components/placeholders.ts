export interface TextPart {
  text: string
  placeholder: boolean
  /** The name inside the braces; empty for plain text. */
  name: string
}

/** `你好{客户昵称}` → plain, placeholder. Braces without a closing partner, or around nothing, stay text. */
export function splitPlaceholders(text: string): TextPart[] {
  return text
    .split(/(\{[^{}\n]{1,20}\})/)
    .filter((part) => part !== '')
    .map((part) => {
      const placeholder = /^\{[^{}\n]{1,20}\}$/.test(part)
      return { text: part, placeholder, name: placeholder ? part.slice(1, -1) : '' }
    })
}
