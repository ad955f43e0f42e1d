import { describe, expect, it } from 'vitest'
import { byteLength } from '../spec.rules.ts'
import { pageFault, productCard, usualPage } from './product.rules.ts'

const at = { appid: ' wx1 ', page: usualPage }

describe('a product as a card', () => {
  it('leads to the product and says who sends it, for the server to fill in', () => {
    expect(productCard({ name: '金枕榴莲', number: 'P/1 2' }, at)).toEqual({
      ...{ kind: 'miniprogram', title: '金枕榴莲', appid: 'wx1', asset_id: '' },
      page: 'pages/product/product?id=P%2F1%202&staff={员工ID}',
    })
  })

  it('has a title that the platform takes', () => {
    const card = productCard({ name: '泰国进口金枕头榴莲'.repeat(4), number: '1' }, at)
    expect(card.kind === 'miniprogram' && byteLength(card.title)).toBeLessThanOrEqual(64)
  })

  it('is held up while it leads nowhere, or its orders would be nobody’s', () => {
    expect(pageFault(at)).toBeUndefined()
    expect(pageFault({ ...at, appid: ' ' })).toBe('appid')
    expect(pageFault({ ...at, page: 'pages/a?staff={员工ID}' })).toBe('number')
    expect(pageFault({ ...at, page: 'pages/a?id={商品编号}' })).toBe('sender')
  })
})
