import { z } from 'zod'
import { bytes, oneOf, upTo } from '../fields.ts'
import { limitInForce } from '../limits.ts'

const code = 40058
const some = z.string().min(1)
const Key = bytes('message.card_key_bytes', { min: 1, code })

/** Where a tap leads: 1 an address, 2 a mini program. */
const target = {
  type: oneOf([0, 1, 2], { wrong: code }).optional(),
  url: z.string().optional(),
  appid: z.string().optional(),
  pagepath: z.string().optional(),
}
const CardAction = z
  .object({ ...target, type: oneOf([1, 2], { missing: code, wrong: code }) })
  .refine((action) => (action.type === 1 ? action.url : action.appid) !== undefined, '42045 card_action leads nowhere')

const Options = <Extra extends z.ZodRawShape>(extra: Extra) =>
  z.object({ id: bytes('message.card_option_id_bytes', { min: 1, code }), text: some, ...extra })

const Selection = z.object({
  question_key: Key,
  title: z.string().optional(),
  option_list: upTo('message.card_options_max', Options({}), { min: 1, code }),
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
      action_list: upTo('message.card_actions_max', z.object({ text: some, key: Key }), { min: 1, code }),
    })
    .optional(),
  /** Unique per app; needed with an action menu and by the interactive cards. */
  task_id: bytes('message.task_id_bytes', { code })
    .regex(/^[0-9A-Za-z_\-@]+$/, '42014 task_id has other characters than letters, digits and _-@')
    .optional(),
}
const withTask = {
  ...common,
  task_id: common.task_id.unwrap(),
  /** In an update only: stands in place of the buttons, which can no longer be tapped (D94888). */
  replace_text: z.string().optional(),
}

const details = {
  quote_area: z.object({ ...target, title: z.string().optional(), quote_text: z.string().optional() }).optional(),
  horizontal_content_list: upTo(
    'message.card_horizontal_max',
    z.object({
      type: oneOf([0, 1, 2, 3], { wrong: code }).optional(),
      keyname: some,
      value: z.string().optional(),
      url: z.string().optional(),
      media_id: z.string().optional(),
      userid: z.string().optional(),
    }),
    { code },
  ).optional(),
}
const jumps = { jump_list: upTo('message.card_jumps_max', z.object({ ...target, title: some }), { code }).optional() }

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
    main_title: Title.extend({ title: some }),
    image_text_area: z
      .object({ ...target, title: z.string().optional(), desc: z.string().optional(), image_url: some })
      .optional(),
    card_image: z
      .object({
        url: some,
        aspect_ratio: z
          .number()
          .refine(
            (ratio) =>
              ratio >= limitInForce('message.card_aspect_ratio_min') &&
              ratio <= limitInForce('message.card_aspect_ratio_max'),
            '40058 aspect_ratio is out of range',
          )
          .optional(),
      })
      .optional(),
    vertical_content_list: upTo('message.card_vertical_max', z.object({ title: some, desc: z.string().optional() }), {
      code,
    }).optional(),
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
  main_title: Title.extend({ title: some }),
  sub_title_text: z.string().optional(),
  card_action: CardAction.optional(),
  button_selection: Selection.optional(),
  button_list: upTo(
    'message.card_buttons_max',
    z.object({
      type: z.int().optional(),
      text: some,
      style: z.int().optional(),
      key: Key.optional(),
      url: z.string().optional(),
    }),
    { min: 1, code },
  ),
})

const SubmitButton = z.object({ text: some, key: Key })

const VoteInteraction = z.object({
  card_type: z.literal('vote_interaction'),
  ...withTask,
  main_title: Title.extend({ title: some }),
  checkbox: z.object({
    question_key: Key,
    /** 0 one choice, 1 several. */
    mode: oneOf([0, 1], { wrong: code }).optional(),
    option_list: upTo('message.card_checkbox_max', Options({ is_checked: z.boolean().optional() }), { min: 1, code }),
    disable: z.boolean().optional(),
  }),
  submit_button: SubmitButton,
})

const MultipleInteraction = z.object({
  card_type: z.literal('multiple_interaction'),
  ...withTask,
  main_title: Title.extend({ title: some }),
  select_list: upTo('message.card_selects_max', Selection, { min: 1, code }),
  submit_button: SubmitButton,
})

/** A card in an app's conversation (D90236). */
export const TemplateCard = z
  .discriminatedUnion(
    'card_type',
    [TextNotice, NewsNotice, ButtonInteraction, VoteInteraction, MultipleInteraction],
    '40058 card_type is not known',
  )
  .refine(
    (card) => card.action_menu === undefined || card.task_id !== undefined,
    '42014 an action menu needs a task_id',
  )
export type TemplateCard = z.output<typeof TemplateCard>
