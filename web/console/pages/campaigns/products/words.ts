import { defineWords } from '#shared/i18n/words.ts'

export const words = defineWords(
  'campaign-products',
  {
    open: '选商品',
    title: '选一件商品做成卡片',
    search: '搜索商品名称或编号',
    none: '还没有在售的商品。商城接入后，商品会出现在这里。',
    'none.found': '没有找到在售的商品。',
    stock: '库存 {{stock}}',
    appid: '商城小程序的 AppID',
    page: '商品页路径',
    'page.hint': '{商品编号} 换成所选商品，{员工ID} 换成发送的员工，由此下的单算在他名下。',
    take: '做成卡片',
    'fault.appid': '没有 AppID 就打不开小程序。',
    'fault.number': '路径里没有 {商品编号}，打开的不会是这件商品。',
    'fault.sender': '路径里没有 {员工ID}，由此下的单不会算在员工名下。',
  },
  {
    open: 'Choose a product',
    title: 'Make a card of a product',
    search: 'Name or number of a product',
    none: 'No product is on sale yet. They appear here once a shop is connected.',
    'none.found': 'No product on sale was found.',
    stock: '{{stock}} in stock',
    appid: 'AppID of the shop’s mini program',
    page: 'Path of a product’s page',
    'page.hint':
      '{商品编号} becomes the product’s number, {员工ID} the member who sends it: orders by the card are counted as his.',
    take: 'Make the card',
    'fault.appid': 'Without an AppID no mini program opens.',
    'fault.number': 'Without {商品编号} in it the path does not lead to this product.',
    'fault.sender': 'Without {员工ID} in it orders are counted as nobody’s.',
  },
)
