import fc from 'fast-check'
import { expect, test } from 'vitest'
import { light } from '#shared/theme/tokens.ts'
import { chartOptions } from './chart.options.ts'
import { paceOf } from './JobProgress.tsx'
import { splitPlaceholders } from './placeholders.ts'
import { barScale } from './plainBars.rules.ts'
import { sparkPoints } from './Sparkline.tsx'
import { keepView, parseViews } from './savedViews.rules.ts'
import { toggled } from './staff.rules.ts'
import { parseChoices, visibleColumns } from './useVisibleColumns.ts'

test('a text is never changed by finding its placeholders', () => {
  fc.assert(
    fc.property(
      fc.string(),
      (text) =>
        splitPlaceholders(text)
          .map((part) => part.text)
          .join('') === text,
    ),
  )
})

test('placeholders are recognised by their closed braces only', () => {
  expect(splitPlaceholders('{客户昵称}你好，我是{员工姓名').map((part) => [part.name, part.placeholder])).toEqual([
    ['客户昵称', true],
    ['', false],
  ])
})

test('a job says its speed only after a second, and its time left only when the total is known', () => {
  const start = 1_000_000
  const job = { done: 500, total: 1000, started_at: new Date(start).toISOString(), finished_at: null }
  expect(paceOf(job, start + 500)).toEqual({ share: 0.5, perSecond: undefined, leftMs: undefined })
  expect(paceOf(job, start + 5000)).toEqual({ share: 0.5, perSecond: 100, leftMs: 5000 })
  expect(paceOf({ ...job, total: null }, start + 5000)).toEqual({ share: undefined, perSecond: 100, leftMs: undefined })
})

test('nobody beyond the limit and nobody unavailable is chosen, but everybody can be taken out', () => {
  const a = { id: 'a', name: '陈晓雨' }
  const b = { id: 'b', name: '林子墨' }
  const full = { id: 'c', name: '王芳', unavailable: '客户已满' }
  expect(toggled([a], b, 1)).toEqual([b])
  expect(toggled([a], full, 1)).toEqual([a])
  expect(toggled([a, b], { id: 'c', name: '丙' }, 2)).toEqual([a, b])
  expect(toggled([a], b, 2)).toEqual([a, b])
  expect(toggled([a], full, 9)).toEqual([a])
  expect(toggled([a, full], full, 9)).toEqual([a])
})

test('a saved view of the same name is replaced, and broken storage is no view', () => {
  const views = keepView([{ name: '流失', values: { status: 'lost' } }], { name: '流失', values: { status: 'gone' } })
  expect(views).toEqual([{ name: '流失', values: { status: 'gone' } }])
  expect(parseViews(JSON.stringify(views))).toEqual(views)
  expect(parseViews('{')).toEqual([])
  expect(parseViews('[{"name":1}]')).toEqual([])
})

test('fixed columns stay, hidden ones wait for a choice', () => {
  const columns = [{ key: 'name', fixed: true }, { key: 'added' }, { key: 'remark', hidden: true }]
  const keys = (choices: Record<string, boolean>) => visibleColumns(columns, choices).map((column) => column.key)
  expect(keys({})).toEqual(['name', 'added'])
  expect(keys({ name: true, added: true, remark: false })).toEqual(['name', 'remark'])
  expect(parseChoices('nonsense')).toEqual({})
})

test('a sparkline stays inside its box', () => {
  const numbers = fc.array(fc.integer({ min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(numbers, (values) =>
      sparkPoints(values, 72, 24)
        .split(' ')
        .every((point) => {
          const [x, y] = point.split(',').map(Number)
          return x !== undefined && y !== undefined && x >= 0 && x <= 72 && y >= 0 && y <= 24
        }),
    ),
  )
})

test('series of a chart differ without colour too', () => {
  const series = ['新增', '流失', '净增'].map((name) => ({ name, values: [1, 2, 3] }))
  const lines = chartOptions({ kind: 'line', labels: ['一', '二', '三'], series }, light).series
  expect(
    new Set(lines.map((line) => JSON.stringify('lineStyle' in line ? [line.lineStyle, line.symbol] : []))).size,
  ).toBe(3)
  const bars = chartOptions({ kind: 'stacked', labels: [], series }, light).series
  expect(new Set(bars.map((bar) => JSON.stringify('itemStyle' in bar ? bar.itemStyle : []))).size).toBe(3)
})

test('the axis of plain bars holds the highest one, wastes at most half, and its half is a whole number', () => {
  expect([0, 1, 3, 12, 44, 260, 1284].map((value) => barScale([value]))).toEqual([2, 2, 4, 20, 60, 400, 2000])
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1 }), (values) => {
      const top = barScale(values)
      const most = Math.max(...values)
      return top >= most && top % 2 === 0 && (most < 2 || top <= most * 2)
    }),
  )
})
