import { limitProfile } from '@nuanyu/wecom'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ActiveWelcome,
  chooseWelcome,
  type WelcomeBand,
  type WelcomeLevel,
  welcomeKey,
  welcomeLevels,
} from './welcome.ts'
import { byteLength, checkBands } from './welcome-checks.ts'
import { readWelcomeAnswer } from './welcome-outcome.ts'
import { renderWelcome } from './welcome-render.ts'

const zone = 'Asia/Shanghai'
const day: WelcomeBand = {
  name: '白天',
  stage: 'both',
  weekdays: 127,
  fromMinute: 8 * 60,
  untilMinute: 22 * 60,
  content: { text: '白天好', attachments: [] },
}
const night: WelcomeBand = {
  name: '夜间',
  stage: 'both',
  weekdays: 127,
  fromMinute: 22 * 60,
  untilMinute: 8 * 60,
  content: { text: '晚安', attachments: [] },
}

function welcome(level: WelcomeLevel, target: string, bands: readonly WelcomeBand[] = [day, night]): ActiveWelcome {
  return { id: `${level}-${target}`, level, target, name: level, versionId: 'v', version: 1, bands }
}

function book(...list: readonly ActiveWelcome[]): ReadonlyMap<string, ActiveWelcome> {
  return new Map(list.map((one) => [welcomeKey(one.level, one.target), one]))
}

const at = (time: string) => new Date(`2026-11-11T${time}:00+08:00`)
const add = { channelId: 'c1', userid: 'lin', storeId: 's1', stage: 'new', zone } as const
const all = [welcome('channel', 'c1'), welcome('person', 'lin'), welcome('store', 's1'), welcome('default', '')]

describe('the choice of a welcome', () => {
  it('goes channel before person before store before default, whichever of them there are', () => {
    fc.assert(
      fc.property(fc.subarray(all, { minLength: 1 }), (some) => {
        const { welcome: won, considered } = chooseWelcome(book(...some), { ...add, at: at('12:00') })
        const first = welcomeLevels.find((level) => some.some((one) => one.level === level))
        expect(won?.level).toBe(first)
        expect(considered.map((one) => one.level)).toEqual([...welcomeLevels])
        expect(considered.filter((one) => one.outcome === 'won')).toHaveLength(1)
      }),
    )
  })

  it('says of every level why it did not win', () => {
    const { considered } = chooseWelcome(
      book(welcome('person', 'lin', [day]), welcome('store', 's1'), welcome('default', '')),
      { ...add, channelId: undefined, at: at('23:00') },
    )
    expect(considered.map((one) => one.outcome)).toEqual(['not_applicable', 'outside_hours', 'won', 'overruled'])
  })

  it('takes the band of the hour, also past midnight', () => {
    const pick = (time: string) => chooseWelcome(book(welcome('default', '')), { ...add, at: at(time) }).band?.name
    expect([pick('08:00'), pick('21:59'), pick('22:00'), pick('00:30'), pick('07:59')]).toEqual([
      '白天',
      '白天',
      '夜间',
      '夜间',
      '夜间',
    ])
  })

  it('gives every minute of the week to some band when the bands cover it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7 * 1440 - 1 }), (minute) => {
        const moment = new Date(at('00:00').getTime() + minute * 60_000)
        expect(chooseWelcome(book(welcome('default', '')), { ...add, at: moment }).band).toBeDefined()
      }),
    )
  })
})

describe('a welcome for new or for returning customers', () => {
  const of = (stage: WelcomeBand['stage'], band = day): WelcomeBand => ({
    ...band,
    stage,
    name: `${band.name} ${stage}`,
  })
  const choose = (stage: 'new' | 'returning', ...levels: readonly ActiveWelcome[]) =>
    chooseWelcome(book(...levels), { ...add, stage, at: at('12:00') })

  it('takes the wording for just this kind of customer before the one for both, wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([of('both'), of('new'), of('returning'), of('returning', night), of('both', night)], {
          minLength: 1,
        }),
        fc.constantFrom('new', 'returning'),
        (bands, stage) => {
          const running = bands.filter((band) => band.fromMinute === day.fromMinute)
          const { band } = choose(stage, welcome('default', '', bands))
          const mine = running.find((one) => one.stage === stage) ?? running.find((one) => one.stage === 'both')
          expect(band).toBe(mine)
        },
      ),
    )
  })

  it('leaves those it is not for to the next level, and says so', () => {
    const levels = [welcome('channel', 'c1', [of('new'), of('both', night)]), welcome('default', '')]
    expect(choose('new', ...levels).welcome?.level).toBe('channel')
    const { welcome: won, considered } = choose('returning', ...levels)
    expect(won?.level).toBe('default')
    expect(considered[0]?.outcome).toBe('other_customers')
  })

  it('never goes before a higher level: a channel’s for both wins over a member’s for returning', () => {
    const { welcome: won } = choose('returning', welcome('channel', 'c1'), welcome('person', 'lin', [of('returning')]))
    expect(won?.level).toBe('channel')
  })
})

describe('the wording', () => {
  const content = {
    text: '{客户昵称}你好，我是{门店}的{员工姓名}',
    textWithoutName: '你好，我是{门店}的{员工姓名}',
    attachments: [],
  }
  it('greets by name when the name came, and without when it did not', () => {
    expect(
      renderWelcome(content, { customer: '小明', staff: '林', store: '一店' }, () => undefined).text?.content,
    ).toBe('小明你好，我是一店的林')
    expect(
      renderWelcome(content, { customer: undefined, staff: '林', store: '一店' }, () => undefined).text?.content,
    ).toBe('你好，我是一店的林')
  })
  it('carries the customer’s own page of preferences where the text has a place for it', () => {
    const names = { customer: undefined, staff: '林', store: undefined, preferences: 'https://go.example/p/abc' }
    const { text } = renderWelcome({ text: '不想多收消息：{少打扰}', attachments: [] }, names, () => undefined)
    expect(text?.content).toBe('不想多收消息：https://go.example/p/abc')
  })
  it('never leaves a placeholder in what a customer reads', () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (text, customer) => {
        fc.pre(![text, customer ?? ''].some((part) => part.includes('{') || part.includes('}')))
        const rendered =
          renderWelcome(
            { ...content, text: `${text}{客户昵称}` },
            { customer, staff: '林', store: undefined },
            () => undefined,
          ).text?.content ?? ''
        expect(rendered).not.toMatch(/\{(客户昵称|员工姓名|门店)\}/)
      }),
    )
  })
  it('leaves out an attachment whose file is not at the platform, and names it', () => {
    const rendered = renderWelcome(
      {
        text: 'a',
        attachments: [
          { kind: 'image', asset_id: 'x' },
          { kind: 'link', title: 't', url: 'https://a.cn', desc: '', picurl: '' },
        ],
      },
      { customer: undefined, staff: '', store: undefined },
      () => undefined,
    )
    expect(rendered.attachments).toHaveLength(1)
    expect(rendered.missingAssets).toEqual(['x'])
  })
})

describe('the checks while typing', () => {
  const limits = limitProfile()
  const faultsOf = (content: WelcomeBand['content']) =>
    checkBands([{ ...day, content }], limits).map((fault) => `${fault.field} ${fault.problem}`)
  it('counts bytes as the platform does, placeholders at their longest', () => {
    expect(byteLength('你好')).toBe(6)
    expect(byteLength('{员工姓名}')).toBe(48)
    expect(faultsOf({ text: '好'.repeat(1334), attachments: [] })).toEqual(['bands.0.text too_long'])
    expect(faultsOf({ text: '好'.repeat(1333), attachments: [] })).toEqual([])
  })
  it('names an empty welcome, a tenth attachment, a bad address, an unknown placeholder and a missing second wording', () => {
    const link = { kind: 'link' as const, title: 't', url: 'https://a.cn/x', desc: '', picurl: '' }
    expect(faultsOf({ text: ' ', attachments: [] })).toEqual(['bands.0.text empty'])
    expect(faultsOf({ text: 'a', attachments: Array(10).fill(link) })).toEqual(['bands.0.attachments too_many'])
    expect(faultsOf({ text: 'a', attachments: [{ ...link, url: 'a.cn' }] })).toEqual([
      'bands.0.attachments.0.url bad_url',
    ])
    expect(faultsOf({ text: '{昵称}好', attachments: [] })).toEqual(['bands.0.text unknown_placeholder'])
    expect(faultsOf({ text: '{客户昵称}好', attachments: [] })).toEqual([
      'bands.0.text_without_name needs_text_without_name',
    ])
  })
})

describe('the platform’s answer to a welcome', () => {
  it('reads 41051 as delivered only after a lost answer of ours', () => {
    expect(readWelcomeAnswer(41051, false)).toEqual({ kind: 'refused', reason: 'someone_first' })
    expect(readWelcomeAnswer(41051, true)).toEqual({ kind: 'sent' })
  })
  it('tries 41096 again; takes 41050 for the end of this code, a right that lacks for the end of this app', () => {
    expect(readWelcomeAnswer(41096, false).kind).toBe('again')
    expect(readWelcomeAnswer(41050, false).kind).toBe('dead_code')
    expect(readWelcomeAnswer(48002, false).kind).toBe('app_refused')
  })
})
