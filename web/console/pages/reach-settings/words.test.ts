import { expect, it } from 'vitest'
import { readWords, writeWords } from './words.rules.ts'

it('one line is one word with what to write instead, and what is shown is read back the same', () => {
  const words = readWords(' 躺赚  请写明收益来源\n\n包过\n躺赚 另一种说法\n')
  expect(words).toEqual([
    { word: '躺赚', advice: '另一种说法' },
    { word: '包过', advice: '' },
  ])
  expect(readWords(writeWords(words))).toEqual(words)
})
