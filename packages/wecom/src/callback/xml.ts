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

/** The text of a tag, or undefined when it is missing, repeated or has children. */
export function textOf(tags: XmlTags, tag: string): string | undefined {
  const node = Object.hasOwn(tags, tag) ? tags[tag] : undefined
  return typeof node === 'string' ? node : undefined
}

function isList(node: XmlNode): node is readonly XmlNode[] {
  return Array.isArray(node)
}
