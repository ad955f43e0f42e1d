import { describe, expect, test } from 'vitest'
import { limitProfile } from '../limits.ts'
import { readCard, writeCard } from './card-xml.ts'
import { sealReply } from './codec.ts'
import { CallbackError } from './error.ts'
import samples from './fixtures/official-replies.json' with { type: 'json' }
import { type CardReply, openCardReply, sealCardReply } from './reply.ts'
import { parseXml } from './xml.ts'

const keys = { token: 'QDG6eK', aesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C', receiveId: 'ww1' }
const stamp = { createTime: 1_357_290_913, nonce: 'n' }
const tapped = { ...keys, userId: 'zhangsan', taskId: 'task-1' }
const answer = (reply: CardReply, userId = 'zhangsan') => sealCardReply({ ...keys, ...stamp, userId, reply })
const raw = (xml: string) => sealReply({ ...keys, xml, timestamp: stamp.createTime, nonce: 'n' })
const tagsOf = (xml: string): string[] => [...xml.matchAll(/<(\/?\w+)>/g)].map((match) => match[1] ?? '')
const named = samples.map((one) => ({ ...one, name: /<CardType><!\[CDATA\[(\w+)/.exec(one.xml)?.[1] ?? one.type }))
const cards = named.filter(({ type }) => type === 'update_template_card')
const option = '<OptionList><Id><![CDATA[option_id2]]></Id><Text><![CDATA[选择题选项2]]></Text></OptionList>'
const inner = (xml: string) => /<TemplateCard>(.*)<\/TemplateCard>/s.exec(xml)?.[1] ?? ''

describe('the official page’s samples of passive replies to a tapped card', () => {
  test.each(cards)('$name is read, and written back with the same tags in the same order', ({ xml }) => {
    const card = readCard(parseXml(xml, true)['TemplateCard'] ?? '')
    expect(tagsOf(writeCard(card))).toEqual(tagsOf(inner(xml).replaceAll('Appid', 'AppId')))
  })

  test.each(named)('$name changes the card of who tapped', ({ type, xml }) => {
    const mine = xml
      .replace(/<ToUserName>.*?<\/ToUserName>/, '<ToUserName>zhangsan</ToUserName>')
      // the page shows an option twice, which it forbids itself
      .replace(option + option, option)
    const read = openCardReply({ ...tapped, body: raw(mine) })
    expect(read?.type).toBe(type)
    if (read?.type === 'update_template_card') expect(read.card.task_id).toBe('task-1')
    else expect(read?.replaceName).toBe('ReplaceName')
  })

  test('show all five types of card and the button', () => {
    expect(samples.map(({ type }) => type)).toEqual(['update_button', ...cards.map(() => 'update_template_card')])
    expect(new Set(cards.map(({ name }) => name)).size).toBe(5)
  })
})

describe('a passive reply', () => {
  const card = {
    card_type: 'vote_interaction' as const,
    main_title: { title: '谁值班', desc: ']]>' },
    checkbox: { question_key: 'who', mode: 1 as const, option_list: [{ id: 'a', text: '甲', is_checked: true }] },
    submit_button: { text: '提交', key: 'send' },
    replace_text: '已提交',
  }

  test('is read as it was written', () => {
    expect(openCardReply({ ...tapped, body: answer({ type: 'update_button', replaceName: '已确认' }) })).toEqual({
      type: 'update_button',
      replaceName: '已确认',
    })
    expect(openCardReply({ ...tapped, body: answer({ type: 'update_template_card', card }) })).toEqual({
      type: 'update_template_card',
      card: { ...card, task_id: 'task-1' },
    })
  })

  test('that says nothing is nothing', () => {
    expect(openCardReply({ ...tapped, body: '' })).toBeUndefined()
    expect(openCardReply({ ...tapped, body: 'success' })).toBeUndefined()
  })

  test('is refused when it is for somebody else, not encrypted, signed by another, or no card', () => {
    const code = (body: string, more: object = {}) => {
      try {
        openCardReply({ ...tapped, ...more, body })
      } catch (error) {
        if (error instanceof CallbackError) return error.code
        throw error
      }
      return expect.fail('it was taken')
    }
    const button = { type: 'update_button', replaceName: '好' } as const
    expect(code(answer(button, 'lisi'))).toBe(-40002)
    expect(code('<xml><MsgType>update_button</MsgType></xml>')).toBe(-40002)
    expect(code(answer(button), { token: 'another' })).toBe(-40001)
    expect(code(answer({ ...button, replaceName: '' }))).toBe(-40002)
    expect(code(raw('<xml><ToUserName>zhangsan</ToUserName><MsgType>text</MsgType></xml>'))).toBe(-40002)
    const long = { ...card, checkbox: { ...card.checkbox, option_list: [{ id: 'a'.repeat(9), text: '甲' }] } }
    const limits = limitProfile({ 'message.card_option_id_bytes': 8 })
    expect(code(answer({ type: 'update_template_card', card: long }), { limits })).toBe(-40002)
  })
})
