import { z } from 'zod'
import { bytes, oneOf, upTo } from '../fields.ts'
import { limitInForce } from '../limits.ts'

/** What the platform answers for a field of a card that is missing or wrong, one code a field (D90313). */
export const cardErrors = [
  42014, 42027, 42028, 42029, 42030, 42031, 42032, 42033, 42035, 42036, 42037, 42038, 42039, 42040, 42041, 42042, 42043,
  42044, 42045, 42046, 42047, 42049, 42050, 42051,
] as const

/** Any other field of a card. */
const code = 42032
/** A text that must stand, with the code of its field. */
const some = (own: number) => z.string(`${own} missing`).min(1, `${own} empty`)
const Key = (own: number) => some(own).pipe(bytes('message.card_key_bytes', { code: own }))
const allDiffer = (values: readonly (string | undefined)[]): boolean => {
  const given = values.filter((value) => value !== undefined)
  return new Set(given).size === given.length
}

/** Where a tap leads: 1 an address, 2 a mini program; any other number leads nowhere (D90236). */
const target = {
  type: z.int().optional(),
  url: z.string().optional(),
  appid: z.string().optional(),
  pagepath: z.string().optional(),
}
interface Target {
  readonly type?: number | undefined
  readonly url?: string | undefined
  readonly appid?: string | undefined
}
const leadsByUrl = [({ type, url }: Target) => type !== 1 || Boolean(url), '42028 url missing'] as const
const leadsByApp = [({ type, appid }: Target) => type !== 2 || Boolean(appid), '42030 appid missing'] as const
const linked = <Shape extends z.ZodType<Target>>(shape: Shape) => shape.refine(...leadsByUrl).refine(...leadsByApp)

const CardAction = z
  .object({ ...target, type: oneOf([1, 2], { missing: 42045, wrong: 42045 }) }, '42045 card_action missing')
  .refine((action) => (action.type === 1 ? action.url : action.appid) !== undefined, '42045 card_action leads nowhere')

const OptionId = some(42040).pipe(bytes('message.card_option_id_bytes', { code: 42040 }))
const optionsDiffer = [
  (options: readonly { id: string }[]) => allDiffer(options.map(({ id }) => id)),
  '42040 two options have one id',
] as const

const Selection = z.object({
  question_key: Key(42043),
  title: z.string().optional(),
  option_list: upTo('message.card_options_max', z.object({ id: OptionId, text: some(42041) }), {
    min: 1,
    code: 42037,
  }).refine(...optionsDiffer),
  selected_id: z.string().optional(),
  disable: z.boolean().optional(),
})
const Title = z.object({ title: z.string().optional(), desc: z.string().optional() })

const common = {
  source: z
    .object({ icon_url: z.string().optional(), desc: z.string().optional(), desc_color: z.int().optional() })
    .optional(),
  action_menu: z
    .object({
      desc: z.string().optional(),
      action_list: upTo('message.card_actions_max', z.object({ text: some(code), key: Key(code) }), {
        min: 1,
        code,
      }).refine((actions) => allDiffer(actions.map(({ key }) => key)), '42051 two actions of the menu have one key'),
    })
    .optional(),
  /** Unique per app; needed with an action menu and by the interactive cards. */
  task_id: bytes('message.task_id_bytes', { code: 42014 })
    .regex(/^[0-9A-Za-z_\-@]+$/, '42014 task_id has other characters than letters, digits and _-@')
    .optional(),
}
const withTask = {
  ...common,
  task_id: z.string('42014 task_id missing').pipe(common.task_id.unwrap()),
  /** In an update only: stands in place of the buttons, which can no longer be tapped (D94888). */
  replace_text: z.string().optional(),
}
const MainTitle = Title.extend({ title: some(42033) })
const mainTitle = { main_title: z.custom(Boolean, '42033 main_title missing').pipe(MainTitle) }

const details = {
  quote_area: linked(
    z.object({ ...target, title: z.string().optional(), quote_text: z.string().optional() }),
  ).optional(),
  horizontal_content_list: upTo(
    'message.card_horizontal_max',
    z
      .object({
        /** 1 an address, 2 a file, 3 a member's page. */
        type: z.int().optional(),
        keyname: some(42027),
        value: z.string().optional(),
        url: z.string().optional(),
        media_id: z.string().optional(),
        userid: z.string().optional(),
      })
      .refine(...leadsByUrl)
      .refine((line) => line.type !== 2 || Boolean(line.media_id), '42029 media_id missing')
      .refine((line) => line.type !== 3 || Boolean(line.userid), '42050 userid missing'),
    { code: 42035 },
  ).optional(),
}
const jumps = {
  jump_list: upTo('message.card_jumps_max', linked(z.object({ ...target, title: some(42033) })), {
    code: 42042,
  }).optional(),
}

const TextNotice = z
  .object({
    card_type: z.literal('text_notice'),
    ...common,
    ...details,
    ...jumps,
    main_title: Title.optional(),
    emphasis_content: Title.optional(),
    sub_title_text: z.string().optional(),
    card_action: CardAction,
  })
  .refine((card) => Boolean(card.main_title?.title) || Boolean(card.sub_title_text), '42033 the card has no title')

const NewsNotice = z
  .object({
    card_type: z.literal('news_notice'),
    ...common,
    ...details,
    ...jumps,
    ...mainTitle,
    image_text_area: linked(
      z.object({ ...target, title: z.string().optional(), desc: z.string().optional(), image_url: some(42044) }),
    ).optional(),
    card_image: z
      .object({
        url: some(42044),
        aspect_ratio: z
          .number()
          .refine(
            (ratio) =>
              ratio >= limitInForce('message.card_aspect_ratio_min') &&
              ratio <= limitInForce('message.card_aspect_ratio_max'),
            '42044 aspect_ratio is out of range',
          )
          .optional(),
      })
      .optional(),
    vertical_content_list: upTo(
      'message.card_vertical_max',
      z.object({ title: some(42033), desc: z.string().optional() }),
      { code: 42036 },
    ).optional(),
    card_action: CardAction,
  })
  .refine(
    (card) => card.card_image !== undefined || card.image_text_area !== undefined,
    '42044 the card has no picture',
  )

const ButtonInteraction = z.object({
  card_type: z.literal('button_interaction'),
  ...withTask,
  ...details,
  ...mainTitle,
  sub_title_text: z.string().optional(),
  card_action: CardAction.optional(),
  button_selection: Selection.optional(),
  button_list: upTo(
    'message.card_buttons_max',
    z
      .object({
        /** 0 calls the app back, 1 opens an address. */
        type: z.int().optional(),
        text: some(42038),
        style: z.int().optional(),
        key: Key(42039).optional(),
        url: z.string().optional(),
      })
      .refine((button) => button.type === 1 || button.key !== undefined, '42039 a button has neither key nor address')
      .refine(...leadsByUrl),
    { min: 1, code },
  ).refine((buttons) => allDiffer(buttons.map(({ key }) => key)), '42039 two buttons have one key'),
})

const SubmitButton = z.object({ text: some(42049), key: Key(42046) }, '42046 submit_button missing')

const VoteInteraction = z.object({
  card_type: z.literal('vote_interaction'),
  ...withTask,
  ...mainTitle,
  checkbox: z.object(
    {
      question_key: Key(42043),
      /** 0 one choice, 1 several. */
      mode: oneOf([0, 1], { wrong: code }).optional(),
      option_list: upTo(
        'message.card_checkbox_max',
        z.object({ id: OptionId, text: some(42041), is_checked: z.boolean().optional() }),
        { min: 1, code: 42037 },
      ).refine(...optionsDiffer),
      disable: z.boolean().optional(),
    },
    '42032 checkbox missing',
  ),
  submit_button: SubmitButton,
})

const MultipleInteraction = z.object({
  card_type: z.literal('multiple_interaction'),
  ...withTask,
  ...mainTitle,
  select_list: upTo('message.card_selects_max', Selection, { min: 1, code: 42047 }).refine(
    (questions) => allDiffer(questions.map((one) => one.question_key)),
    '42043 two questions have one key',
  ),
  submit_button: SubmitButton,
})

const unknownKind = '42031 card_type is not known'

/** A card in an app's conversation (D90236). */
export const TemplateCard = z
  .discriminatedUnion(
    'card_type',
    [TextNotice, NewsNotice, ButtonInteraction, VoteInteraction, MultipleInteraction],
    unknownKind,
  )
  .refine(
    (card) => card.action_menu === undefined || card.task_id !== undefined,
    '42014 an action menu needs a task_id',
  )
export type TemplateCard = z.output<typeof TemplateCard>

const noTask = { task_id: common.task_id }
/** What a card becomes by an update or a reply (D94888, D90241): it need name no task, the card keeps the one it was sent with. */
export const CardLook = z.discriminatedUnion(
  'card_type',
  [
    TextNotice,
    NewsNotice,
    ButtonInteraction.extend(noTask),
    VoteInteraction.extend(noTask),
    MultipleInteraction.extend(noTask),
  ],
  unknownKind,
)
export type CardLook = z.output<typeof CardLook>
