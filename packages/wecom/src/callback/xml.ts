import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { CallbackError, callbackCodes } from './error.ts'
import type { XmlNode } from './fields.ts'

/** Levels below `<xml>`; the platform's deepest event, an approval, has six. */
const maxDepth = 12

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // Values stay the strings they are: ids look like numbers, and entities are how XML bombs are made.
  parseTagValue: false,
  processEntities: false,
  trimValues: false,
  maxNestedTags: maxDepth,
  // No callback of ours asks for a path, and writing them takes a sixth of the time.
  jPath: false,
})

/** A declaration may stand before `<xml>`; a document type, in which entities are defined, may not. */
const beginning = /^(<\?xml [^>]*\?>\s*)?<xml>/

export type XmlTags = { readonly [tag: string]: XmlNode }

/**
 * The children of the one `<xml>` element. No document type, no entities, bounded depth; the caller bounds the size.
 *
 * @param wellFormed also refuse unbalanced tags; costs a third more
 */
export function parseXml(text: string, wellFormed: boolean): XmlTags {
  const body = text.trim()
  if (!beginning.test(body)) throw new CallbackError(callbackCodes.parse, 'no <xml>, or a document type before it')
  // no character of XML 1.0, and nothing that a database would take
  if (body.includes('\0')) throw new CallbackError(callbackCodes.parse, 'a NUL is no character of XML')
  return readFlat(body) ?? readWhole(body, wellFormed)
}

/** Any document, by the parser. */
export function readWhole(body: string, wellFormed: boolean): XmlTags {
  if (wellFormed && XMLValidator.validate(body) !== true)
    throw new CallbackError(callbackCodes.parse, 'not well-formed')
  let document: XmlTags
  try {
    document = parser.parse(body)
  } catch (cause) {
    throw new CallbackError(callbackCodes.parse, cause instanceof Error ? cause.message : 'unreadable')
  }
  const root = document.xml
  if (root === undefined || typeof root === 'string' || isList(root)) {
    throw new CallbackError(callbackCodes.parse, 'not exactly one <xml> with content')
  }
  return root
}

// Names of the platform begin with a capital; no property of Object.prototype does.
const opening = /<([A-Z]\w*)>/y
const bare = /^[\w.-]*$/
const cdataStart = '<![CDATA['

/**
 * Nearly every callback is one level of different tags with CDATA or a plain word, without anything between them. Such a
 * text is read here in a tenth of the time, with the same result (an event in 2 µs instead of 20, the envelope in 0.6
 * instead of 8); of any other the answer is undefined, and the parser reads it.
 */
export function readFlat(body: string): XmlTags | undefined {
  // the parser turns \r\n to \n
  if (!body.startsWith('<xml>') || !body.endsWith('</xml>') || body.includes('\r')) return undefined
  const end = body.length - '</xml>'.length
  const tags: { [tag: string]: string } = {}
  let at = '<xml>'.length
  do {
    opening.lastIndex = at
    const name = opening.exec(body)?.[1]
    if (name === undefined || Object.hasOwn(tags, name)) return undefined
    const inside = at + name.length + 2
    const isCdata = body.startsWith(cdataStart, inside)
    const from = isCdata ? inside + cdataStart.length : inside
    const to = body.indexOf(isCdata ? ']]>' : '<', from)
    const value = body.slice(from, to)
    const closing = isCdata ? to + 3 : to
    if (to < 0 || !body.startsWith(`</${name}>`, closing) || !(isCdata || bare.test(value))) return undefined
    tags[name] = value
    at = closing + name.length + 3
  } while (at < end)
  return at === end ? tags : undefined
}

/** The text of a tag, or undefined when it is missing, repeated or has children. */
export function textOf(tags: XmlTags, tag: string): string | undefined {
  const node = Object.hasOwn(tags, tag) ? tags[tag] : undefined
  return typeof node === 'string' ? node : undefined
}

function isList(node: XmlNode): node is readonly XmlNode[] {
  return Array.isArray(node)
}
