import { hash } from '../random.ts'

/** Family names with how they are written in a userid. */
const FAMILY: readonly (readonly [string, string])[] = [
  ['陈', 'chen'],
  ['林', 'lin'],
  ['王', 'wang'],
  ['李', 'li'],
  ['张', 'zhang'],
  ['刘', 'liu'],
  ['黄', 'huang'],
  ['周', 'zhou'],
  ['吴', 'wu'],
  ['徐', 'xu'],
  ['孙', 'sun'],
  ['胡', 'hu'],
  ['朱', 'zhu'],
  ['高', 'gao'],
  ['何', 'he'],
  ['郭', 'guo'],
  ['马', 'ma'],
  ['罗', 'luo'],
  ['梁', 'liang'],
  ['宋', 'song'],
  ['郑', 'zheng'],
  ['谢', 'xie'],
  ['韩', 'han'],
  ['唐', 'tang'],
  ['冯', 'feng'],
  ['于', 'yu'],
  ['董', 'dong'],
  ['萧', 'xiao'],
  ['程', 'cheng'],
  ['曹', 'cao'],
  ['袁', 'yuan'],
  ['邓', 'deng'],
]

/** Given names: writing, pinyin, usual gender (1 male, 2 female). */
const GIVEN: readonly (readonly [string, string, 1 | 2])[] = [
  ['晓雨', 'xiaoyu', 2],
  ['梓涵', 'zihan', 2],
  ['佳怡', 'jiayi', 2],
  ['思琪', 'siqi', 2],
  ['雅婷', 'yating', 2],
  ['欣怡', 'xinyi', 2],
  ['静', 'jing', 2],
  ['丽娜', 'lina', 2],
  ['美玲', 'meiling', 2],
  ['秀英', 'xiuying', 2],
  ['敏', 'min', 2],
  ['桂兰', 'guilan', 2],
  ['诗涵', 'shihan', 2],
  ['倩', 'qian', 2],
  ['春燕', 'chunyan', 2],
  ['可欣', 'kexin', 2],
  ['海燕', 'haiyan', 2],
  ['婉清', 'wanqing', 2],
  ['浩然', 'haoran', 1],
  ['子轩', 'zixuan', 1],
  ['宇航', 'yuhang', 1],
  ['俊杰', 'junjie', 1],
  ['伟', 'wei', 1],
  ['建国', 'jianguo', 1],
  ['志强', 'zhiqiang', 1],
  ['明', 'ming', 1],
  ['磊', 'lei', 1],
  ['鹏飞', 'pengfei', 1],
  ['嘉豪', 'jiahao', 1],
  ['文博', 'wenbo', 1],
  ['天宇', 'tianyu', 1],
  ['立新', 'lixin', 1],
  ['国栋', 'guodong', 1],
  ['海涛', 'haitao', 1],
  ['一鸣', 'yiming', 1],
]

/** What people call themselves in WeChat when not by their name. */
const NICK_HEAD = [
  '爱吃',
  '今天也要',
  '一颗',
  '小',
  '慢慢',
  '快乐的',
  '打工人',
  '沉默的',
  '山里的',
  '夏天的',
  '元气',
  '半糖',
]
const NICK_TAIL = ['芒果', '草莓', '西瓜', '橙子', '桃桃', '榴莲', '猫', '柠檬', '葡萄', '椰子', '番茄', '豆包']
const NICK_SIGN = ['', '', '', '🍉', '🌸', '~', '🐟', '☀️', '_', '🍓', '💰', '']

export interface StaffName {
  name: string
  pinyin: string
  gender: 1 | 2
}

/** The nth member's name; the first is 陈晓雨. Repeats only after 1,120. */
export function staffName(index: number): StaffName {
  const families = FAMILY.length
  // A stride without a common factor with the table mixes family and given names without repeating a pair.
  const pair = (index * 323) % (families * GIVEN.length)
  const family = FAMILY[pair % families] ?? ['陈', 'chen']
  const given = GIVEN[Math.floor(pair / families)] ?? ['晓雨', 'xiaoyu', 2]
  return { name: family[0] + given[0], pinyin: family[1] + given[1], gender: given[2] }
}

/** What the nth customer calls himself in WeChat. */
export function customerName(index: number, seed: number): string {
  const h = hash(index, seed)
  const family = FAMILY[h % FAMILY.length]?.[0] ?? ''
  const given = GIVEN[(h >>> 5) % GIVEN.length]?.[0] ?? ''
  switch ((h >>> 12) & 7) {
    case 0:
      return (
        (NICK_HEAD[(h >>> 16) % 12] ?? '') + (NICK_TAIL[(h >>> 20) % 12] ?? '') + (NICK_SIGN[(h >>> 24) % 12] ?? '')
      )
    case 1:
      return `${given}${NICK_SIGN[(h >>> 20) % 12] ?? ''}`
    case 2:
      return `A${NICK_TAIL[(h >>> 20) % 12] ?? ''}${given.slice(0, 1)}姐`
    case 3:
      return `${family}${given.slice(-1)}妈妈`
    default:
      return family + given
  }
}

/** 1 male, 2 female, 0 not told [92114]. */
export function customerGender(index: number, seed: number): 0 | 1 | 2 {
  const h = hash(index, seed + 7) % 100
  return h < 58 ? 2 : h < 92 ? 1 : 0
}
