import { cdata, type XmlNode } from './fields.ts'

/** How the fields of a card, as message/send takes them, are named in the XML of a reply (D90241). */
const tags = {
  ...{ card_type: 'CardType', source: 'Source', icon_url: 'IconUrl', desc: 'Desc', desc_color: 'DescColor' },
  ...{ main_title: 'MainTitle', title: 'Title', sub_title_text: 'SubTitleText', emphasis_content: 'EmphasisContent' },
  ...{ action_menu: 'ActionMenu', action_list: 'ActionList', text: 'Text', key: 'Key' },
  ...{ horizontal_content_list: 'HorizontalContentList', keyname: 'KeyName', value: 'Value', type: 'Type', url: 'Url' },
  ...{ media_id: 'MediaId', userid: 'UserId', jump_list: 'JumpList', appid: 'AppId', pagepath: 'PagePath' },
  ...{ card_action: 'CardAction', quote_area: 'QuoteArea', quote_text: 'QuoteText' },
  ...{ card_image: 'CardImage', aspect_ratio: 'AspectRatio', vertical_content_list: 'VerticalContentList' },
  ...{ image_text_area: 'ImageTextArea', image_url: 'ImageUrl' },
  ...{ button_list: 'ButtonList', style: 'Style', button_selection: 'ButtonSelection', replace_text: 'ReplaceText' },
  ...{
    question_key: 'QuestionKey',
    selected_id: 'SelectedId',
    disable: 'Disable',
    option_list: 'OptionList',
    id: 'Id',
  },
  ...{ checkbox: 'CheckBox', mode: 'Mode', is_checked: 'IsChecked', select_list: 'SelectList' },
  submit_button: 'SubmitButton',
} as const
type FieldName = keyof typeof tags

const names = Object.keys(tags) as FieldName[]
/** The page itself writes `AppId` and `Appid`. */
const byTag = new Map(names.map((name) => [tags[name].toLowerCase(), name]))
const lists = new Set<string>([
  ...['horizontal_content_list', 'vertical_content_list', 'jump_list'],
  ...['action_list', 'option_list', 'button_list', 'select_list'],
])
const numbers = new Set<string>(['type', 'style', 'mode', 'desc_color', 'aspect_ratio'])
const switches = new Set<string>(['disable', 'is_checked'])

/** Writes a card below its tag: texts in CDATA, numbers and switches bare, a list as its tag several times. */
export function writeCard(card: object): string {
  let xml = ''
  for (const [name, value] of Object.entries(card)) {
    if (value === undefined || !isField(name)) continue
    for (const one of Array.isArray(value) ? value : [value]) xml += `<${tags[name]}>${inside(one)}</${tags[name]}>`
  }
  return xml
}

function inside(value: unknown): string {
  if (typeof value === 'object' && value !== null) return writeCard(value)
  return typeof value === 'string' ? cdata(value) : String(value)
}

/** Reads a card as message/send would be given it; what no card has is left out. The caller checks it. */
export function readCard(node: XmlNode): Readonly<Record<string, unknown>> {
  const card: Record<string, unknown> = {}
  if (typeof node === 'string' || isList(node)) return card
  for (const [tag, child] of Object.entries(node)) {
    const name = byTag.get(tag.toLowerCase())
    if (name === undefined) continue
    const values = (isList(child) ? child : [child]).map((one) => readField(name, one))
    card[name] = lists.has(name) ? values : values[0]
  }
  return card
}

function readField(name: FieldName, node: XmlNode): unknown {
  if (typeof node !== 'string') return readCard(node)
  if (numbers.has(name)) return Number(node)
  return switches.has(name) ? node === 'true' : node
}

const isField = (name: string): name is FieldName => Object.hasOwn(tags, name)
const isList = (node: XmlNode): node is readonly XmlNode[] => Array.isArray(node)
