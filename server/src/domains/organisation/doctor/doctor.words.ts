import type { FindingText, FindingValues } from './doctor.text.ts'
import { appsWords } from './doctor-apps.words.ts'
import { callbacksWords } from './doctor-callbacks.words.ts'
import { peopleWords } from './doctor-people.words.ts'
import { platformWords } from './doctor-platform.words.ts'

const table = { ...appsWords, ...peopleWords, ...callbacksWords, ...platformWords }

/** What the doctor may find; the words of each stand in the file of its topic. */
export type FindingCode = keyof typeof table
export const findingWords: Readonly<Record<FindingCode, (values: FindingValues) => FindingText>> = table
