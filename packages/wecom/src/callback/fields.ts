/** Parsed XML: text, children by tag, or several of one tag. */
export type XmlNode = string | readonly XmlNode[] | { readonly [tag: string]: XmlNode }

/** What kind of value a tag holds: for documentation, and to make values of the kind. */
export type Shape =
  | { readonly is: 'text' | 'int' | 'decimal' | 'csv' | 'csvInts' | 'repeated' }
  | { readonly is: 'items'; readonly tag: string }
  | { readonly is: 'group'; readonly fields: readonly AnyField[] }
  | { readonly is: 'list'; readonly tag: string; readonly fields: readonly AnyField[] }

/** How a value stands inside its tag. `read` answers undefined for what it cannot be. */
interface ValueCodec<Value> {
  readonly shape: Shape
  read(node: XmlNode): Value | undefined
  write(value: Value): string
}

/** One tag of a callback: its XML name and order are the declaration's, its name and type the event's. */
export interface Field<Name extends string = string, Value = unknown, Optional extends boolean = boolean> {
  readonly xml: string
  readonly name: Name
  readonly optional: Optional
  readonly codec: ValueCodec<Value>
  /** Several tags of the same name side by side, not below a parent. */
  readonly repeated?: true
}

/** A tag whose content tells which event this is. */
export interface FixedField {
  readonly xml: 'Event' | 'ChangeType' | 'MsgType'
  readonly fixed: string
}

// biome-ignore lint/suspicious/noExplicitAny: a field of any value; `unknown` is not assignable through `write`.
export type AnyField = Field<string, any, boolean>

type Flat<T> = { [Key in keyof T]: T[Key] }

/** The typed value that a list of fields stands for. */
export type ValueOf<Fields extends readonly (AnyField | FixedField)[]> = Flat<
  {
    [F in Fields[number] as F extends Field<infer Name, unknown, false> ? Name : never]: F extends Field<
      string,
      infer V
    >
      ? V
      : never
  } & {
    [F in Fields[number] as F extends Field<infer Name, unknown, true> ? Name : never]?: F extends Field<
      string,
      infer V
    >
      ? V
      : never
  }
>

/** Text as CDATA; an end mark inside is split over two sections. */
export function cdata(text: string): string {
  return `<![CDATA[${text.includes(']]>') ? text.replaceAll(']]>', ']]]]><![CDATA[>') : text}]]>`
}

const plain = (text: string): string => (/^[^<>&\s]*$/.test(text) ? text : cdata(text))

const textCodec: ValueCodec<string> = {
  shape: { is: 'text' },
  read: (node) => (typeof node === 'string' ? node : undefined),
  write: cdata,
}

const integer = (text: string): number | undefined => {
  const number = Number(text)
  return /^-?\d{1,16}$/.test(text) && Number.isSafeInteger(number) ? number : undefined
}

const intCodec: ValueCodec<number> = {
  shape: { is: 'int' },
  read: (node) => (typeof node === 'string' ? integer(node) : undefined),
  write: String,
}

const decimalCodec: ValueCodec<number> = {
  shape: { is: 'decimal' },
  read: (node) => (typeof node === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(node) ? Number(node) : undefined),
  write: String,
}

const csvCodec: ValueCodec<readonly string[]> = {
  shape: { is: 'csv' },
  read: (node) => (typeof node === 'string' ? (node === '' ? [] : node.split(',')) : undefined),
  write: (items) => cdata(items.join(',')),
}

const csvIntCodec: ValueCodec<readonly number[]> = {
  shape: { is: 'csvInts' },
  read: (node) => {
    const numbers = csvCodec.read(node)?.map(integer)
    return numbers?.every((number) => number !== undefined) ? numbers : undefined
  },
  write: (items) => cdata(items.join(',')),
}

/** Text, written as CDATA. `Value` is a branded id where the tag holds one. */
export function text<const Name extends string, Value extends string = string>(
  xml: string,
  name: Name,
): Field<Name, Value, false> {
  // The one place that turns the text of an authenticated callback into an id.
  return { xml, name, optional: false, codec: textCodec as unknown as ValueCodec<Value> }
}

/** A whole number, written bare. */
export function int<const Name extends string>(xml: string, name: Name): Field<Name, number, false> {
  return { xml, name, optional: false, codec: intCodec }
}

/** A decimal number, written bare. */
export function decimal<const Name extends string>(xml: string, name: Name): Field<Name, number, false> {
  return { xml, name, optional: false, codec: decimalCodec }
}

/** Texts joined by commas. */
export function csv<const Name extends string>(xml: string, name: Name): Field<Name, readonly string[], false> {
  return { xml, name, optional: false, codec: csvCodec }
}

/** Whole numbers joined by commas. */
export function csvInts<const Name extends string>(xml: string, name: Name): Field<Name, readonly number[], false> {
  return { xml, name, optional: false, codec: csvIntCodec }
}

/** `<xml><tag>a</tag><tag>b</tag></xml>`: texts below a parent. */
export function items<const Name extends string>(
  xml: string,
  name: Name,
  tag: string,
): Field<Name, readonly string[], false> {
  const read = (node: XmlNode): readonly string[] | undefined => {
    if (node === '') return []
    if (typeof node === 'string' || Array.isArray(node)) return undefined
    const children = childrenOf(node, tag)
    return children.every((child) => typeof child === 'string') ? children : undefined
  }
  const write = (values: readonly string[]) => values.map((value) => `<${tag}>${plain(value)}</${tag}>`).join('')
  return { xml, name, optional: false, codec: { shape: { is: 'items', tag }, read, write } }
}

/** Several tags of one name side by side in the event itself. */
export function repeated<const Name extends string>(xml: string, name: Name): Field<Name, readonly string[], true> {
  const read = (node: XmlNode): readonly string[] | undefined => {
    const all = Array.isArray(node) ? node : [node]
    return all.every((child) => typeof child === 'string') ? all : undefined
  }
  const write = (values: readonly string[]) => values.map((value) => `<${xml}>${cdata(value)}</${xml}>`).join('')
  return { xml, name, optional: true, repeated: true, codec: { shape: { is: 'repeated' }, read, write } }
}

/** A tag with tags of its own. */
export function group<const Name extends string, const Fields extends readonly AnyField[]>(
  xml: string,
  name: Name,
  fields: Fields,
): Field<Name, ValueOf<Fields>, false> {
  return { xml, name, optional: false, codec: recordCodec(fields) }
}

/** A parent with any number of children of the same shape. */
export function list<const Name extends string, const Fields extends readonly AnyField[]>(
  xml: string,
  name: Name,
  tag: string,
  fields: Fields,
): Field<Name, readonly ValueOf<Fields>[], false> {
  const record = recordCodec(fields)
  const read = (node: XmlNode): readonly ValueOf<Fields>[] | undefined => {
    if (node === '') return []
    if (typeof node === 'string' || Array.isArray(node)) return undefined
    const records: ValueOf<Fields>[] = []
    for (const child of childrenOf(node, tag)) {
      const value = record.read(child)
      if (value === undefined) return undefined
      records.push(value)
    }
    return records
  }
  const write = (values: readonly ValueOf<Fields>[]) =>
    values.map((value) => `<${tag}>${record.write(value)}</${tag}>`).join('')
  return { xml, name, optional: false, codec: { shape: { is: 'list', tag, fields }, read, write } }
}

/** The same field where it may be missing; an empty text counts as missing. */
export function optional<Name extends string, Value>(field: Field<Name, Value, false>): Field<Name, Value, true> {
  return { ...field, optional: true }
}

/** The tag that says which event or change this is. */
export function fixed(xml: FixedField['xml'], value: string): FixedField {
  return { xml, fixed: value }
}

function childrenOf(node: XmlNode, tag: string): readonly XmlNode[] {
  if (typeof node === 'string' || Array.isArray(node)) return []
  const child = (node as Readonly<Record<string, XmlNode>>)[tag]
  if (child === undefined) return []
  return Array.isArray(child) ? child : [child as XmlNode]
}

function recordCodec<const Fields extends readonly AnyField[]>(fields: Fields): ValueCodec<ValueOf<Fields>> {
  return {
    shape: { is: 'group', fields },
    read: (node) => readFields(fields, node) as ValueOf<Fields> | undefined,
    write: (value) => writeFields(fields, value),
  }
}

/** Reads the fields below a node; undefined when a required one is missing or one is not what it should be. */
export function readFields(
  fields: readonly (AnyField | FixedField)[],
  node: XmlNode,
): Record<string, unknown> | undefined {
  if (typeof node === 'string' || Array.isArray(node)) return fields.length === 0 ? {} : undefined
  const tags = node as Readonly<Record<string, XmlNode>>
  const value: Record<string, unknown> = {}
  for (const field of fields) {
    if ('fixed' in field) continue
    const child = Object.hasOwn(tags, field.xml) ? tags[field.xml] : undefined
    if (child === undefined || (child === '' && field.optional)) {
      if (field.optional) continue
      return undefined
    }
    const read = field.codec.read(child)
    if (read === undefined) return undefined
    value[field.name] = read
  }
  return value
}

/** Writes the fields in their declared order. */
export function writeFields(fields: readonly (AnyField | FixedField)[], value: object): string {
  const values = value as Readonly<Record<string, unknown>>
  let xml = ''
  for (const field of fields) {
    if ('fixed' in field) {
      xml += `<${field.xml}>${cdata(field.fixed)}</${field.xml}>`
      continue
    }
    const one = values[field.name]
    if (one === undefined) continue
    xml += field.repeated ? field.codec.write(one) : `<${field.xml}>${field.codec.write(one)}</${field.xml}>`
  }
  return xml
}
