import type { TemplateCard } from '@nuanyu/wecom'
import type { Button } from './button.ts'

/** A card whose buttons can be tapped (90236). */
export type MessageCard = Extract<TemplateCard, { card_type: 'button_interaction' }>

/** As many characters as the page advises for the text of a card. */
const textMost = 160
const titleMost = 36

/** A message of a template with buttons, as a card. */
export function messageCard(
  { title, text, buttons }: { readonly title: string; readonly text: string; readonly buttons: readonly Button[] },
  taskId: string,
): MessageCard {
  return {
    card_type: 'button_interaction',
    task_id: taskId,
    main_title: { title: cutTo(title, titleMost) },
    sub_title_text: cutTo(text, textMost),
    button_list: buttons.map(({ does, text: said, url }, at) => {
      const look = { text: said, style: at === 0 ? 1 : 2 }
      return does === 'open' ? { ...look, type: 1, url } : { ...look, key: does }
    }),
  }
}

export const cutTo = (text: string, most: number): string =>
  [...text].length > most ? `${[...text].slice(0, most - 1).join('')}…` : text
