/** A product of the small shop; prices in fen. */
export interface ShopProduct {
  readonly id: string
  readonly name: string
  readonly category: string
  priceFen: number
  stock: number
  readonly attributes: Readonly<Record<string, string>>
}

type Row = readonly [
  name: string,
  category: string,
  priceFen: number,
  stock: number,
  attributes: Record<string, string>,
]

const ROWS: readonly Row[] = [
  ['金枕榴莲', '榴莲', 12_900, 40, { 产地: '泰国', 规格: '约 5 斤', 成熟度: '八成熟' }],
  ['猫山王榴莲', '榴莲', 26_800, 15, { 产地: '马来西亚', 规格: '约 4 斤', 储存: '冷冻' }],
  ['山东红富士苹果', '苹果', 2_990, 300, { 产地: '山东烟台', 规格: '5 斤', 口感: '脆甜' }],
  ['阿克苏冰糖心苹果', '苹果', 4_590, 200, { 产地: '新疆阿克苏', 规格: '5 斤', 口感: '冰糖心' }],
  ['水晶红富士苹果', '苹果', 3_680, 160, { 产地: '陕西洛川', 规格: '5 斤', 口感: '汁多' }],
  ['智利车厘子', '车厘子', 9_900, 80, { 产地: '智利', 规格: 'JJJ 2 斤', 储存: '冷藏' }],
  ['大连美早樱桃', '车厘子', 7_900, 60, { 产地: '辽宁大连', 规格: '2 斤' }],
  ['阳光玫瑰葡萄', '葡萄', 5_990, 120, { 产地: '云南', 规格: '2 斤', 无籽: '是' }],
  ['海南贵妃芒', '芒果', 3_280, 150, { 产地: '海南', 规格: '5 斤' }],
  ['丹东草莓', '草莓', 4_980, 70, { 产地: '辽宁丹东', 规格: '2 斤', 储存: '冷藏' }],
  ['当日鲜果切拼盘', '果切', 1_990, 90, { 规格: '500 克', 保质期: '当日' }],
  ['中秋鲜果礼盒', '礼盒', 19_800, 50, { 规格: '8 种水果', 包装: '礼盒' }],
]

/** The goods as they were on the first day. */
export function firstProducts(): ShopProduct[] {
  return ROWS.map(([name, category, priceFen, stock, attributes], n) => ({
    id: `P${String(n + 1).padStart(4, '0')}`,
    name,
    category,
    priceFen,
    stock,
    attributes,
  }))
}
