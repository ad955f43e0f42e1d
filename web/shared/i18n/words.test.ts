import { expect, test } from 'vitest'
import { changeLanguage } from './i18n.ts'
import { definedRooms, defineWords, say } from './words.ts'

// Every room's words, of every app of this workspace.
const files = import.meta.glob(['../../console/**/*words.ts', '../../phone/**/*words.ts', '../../h5/**/*words.ts'])
await Promise.all(Object.values(files).map((load) => load()))
const rooms = definedRooms()

/** English may add a singular, `<key>_one`; everything else must pair off. */
function pairs(keys: string[]): string[] {
  return keys.filter((key) => !key.endsWith('_one')).sort()
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort()
}

test('there are words to compare', () => {
  expect(rooms.length).toBeGreaterThan(3)
})

test.each(rooms.map((room) => [room.namespace, room] as const))(
  '%s says the same things in both languages',
  (_, room) => {
    expect(pairs(Object.keys(room.en))).toEqual(pairs(Object.keys(room.zh)))
    for (const [key, chinese] of Object.entries(room.zh)) {
      const english = room.en[key] ?? ''
      expect(placeholders(english), key).toEqual(placeholders(chinese))
      // A language is named in its own tongue, and a placeholder of a text, {客户昵称}, has one name in both.
      if (!key.startsWith('language.'))
        expect(english.replaceAll(/\{[^{}]+\}/g, ''), `${key} is still Chinese`).not.toMatch(/[\u4e00-\u9fff]/)
    }
  },
)

test('no two rooms share a namespace', () => {
  const names = rooms.map((room) => room.namespace)
  expect(new Set(names).size).toBe(names.length)
})

test('a word that English lacks shows its key instead of Chinese', async () => {
  const broken = defineWords('broken', { hello: '你好' }, { hello: 'Hello' })
  await changeLanguage('en')
  expect(say(broken, 'hello')).toBe('Hello')
  // A key that does not exist at all, as after a typo in generated code.
  const typo: { namespace: string; zh: { nope: string }; en: { nope: string } } = {
    ...broken,
    zh: { nope: '' },
    en: { nope: '' },
  }
  expect(say(typo, 'nope')).toBe('nope')
  await changeLanguage('zh-CN')
})

test('English has a singular', async () => {
  const people = defineWords(
    'people',
    { many: '{{count}} 人' },
    { many: '{{count}} people', many_one: '{{count}} person' },
  )
  await changeLanguage('en')
  expect(say(people, 'many', { count: 1 })).toBe('1 person')
  expect(say(people, 'many', { count: 2 })).toBe('2 people')
  await changeLanguage('zh-CN')
  expect(say(people, 'many', { count: 2 })).toBe('2 人')
})
