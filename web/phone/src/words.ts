import { defineWords, type RoomWords } from '#shared/i18n/words.ts'
import { app } from './words/app.words.ts'
import { assistant } from './words/assistant.words.ts'
import { chats } from './words/chats.words.ts'
import { faults } from './words/faults.words.ts'
import { moments } from './words/moments.words.ts'
import { people } from './words/people.words.ts'
import { screens } from './words/screens.words.ts'
import { shop } from './words/shop.words.ts'
import { stage } from './words/stage.words.ts'
import { stream } from './words/stream.words.ts'

/** All words of the phone, one file a topic in `words/`; one without its English does not compile. */
export const words = defineWords(
  'phone',
  {
    ...app.zh,
    ...assistant.zh,
    ...stage.zh,
    ...stream.zh,
    ...faults.zh,
    ...chats.zh,
    ...people.zh,
    ...moments.zh,
    ...screens.zh,
    ...shop.zh,
  },
  {
    ...app.en,
    ...assistant.en,
    ...stage.en,
    ...stream.en,
    ...faults.en,
    ...chats.en,
    ...people.en,
    ...moments.en,
    ...screens.en,
    ...shop.en,
  },
)

export type WordKey = typeof words extends RoomWords<infer Keys> ? Keys : never
