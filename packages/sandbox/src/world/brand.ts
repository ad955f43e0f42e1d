import { hash } from '../random.ts'
import type { Departments } from './departments.ts'
import { ROOT } from './departments.ts'
import { staffName } from './names.ts'
import type { Staff } from './staff.ts'

/** The demo brand: a chain of fruit shops. */
export const BRAND = { corpId: 'wwfreshfruit00000001', name: '鲜果连锁' }

const REGIONS = ['华东大区', '华南大区', '华北大区', '西南大区']
const CITIES: readonly (readonly string[])[] = [
  ['上海', '杭州', '南京', '苏州'],
  ['广州', '深圳', '厦门', '佛山'],
  ['北京', '天津', '济南', '青岛'],
  ['成都', '重庆', '昆明', '贵阳'],
]
const PLACES = [
  '人民广场',
  '万达',
  '滨江',
  '中心',
  '大学城',
  '火车站',
  '世纪',
  '银泰',
  '东湖',
  '西门',
  '学府路',
  '湖滨',
]
const STAFF_PER_STORE = 5

/** Root → headquarters and four regions → stores. Department ids: regions from 10, stores from 100. */
export function foundDepartments(departments: Departments, staffCount: number): number[] {
  departments.add({ id: ROOT, name: BRAND.name, parentId: 0, order: 100_000_000 })
  departments.add({ id: 2, name: '总部', parentId: ROOT, order: 99_999_000 })
  REGIONS.forEach((name, i) => {
    departments.add({ id: 10 + i, name, parentId: ROOT, order: 99_998_000 - i })
  })
  const stores = Math.max(8, Math.ceil(staffCount / STAFF_PER_STORE))
  return Array.from({ length: stores }, (_, n) => {
    const region = n % REGIONS.length
    const within = Math.floor(n / REGIONS.length)
    const cities = CITIES[region] ?? []
    const city = cities[within % cities.length] ?? ''
    const place = PLACES[Math.floor(within / cities.length) % PLACES.length] ?? ''
    const round = Math.floor(within / (cities.length * PLACES.length))
    const id = 100 + n
    const name = `${city}${place}${round === 0 ? '' : round + 1}店`
    departments.add({ id, name, parentId: 10 + region, order: 99_000_000 - n })
    return id
  })
}

/** Fills stores evenly: the first of a store manages it, every twentieth member works at headquarters too. */
export function hireStaff(staff: Staff, stores: readonly number[], count: number, seed: number): void {
  const managers = new Map<number, string>()
  for (let n = 0; n < count; n++) {
    const { name, pinyin, gender } = staffName(n)
    const userid = freeUserid(staff, pinyin)
    const store = stores[n % stores.length] ?? ROOT
    const manager = managers.get(store)
    const atHeadquarters = n > 0 && hash(n, seed + 40) % 20 === 0
    staff.add({
      userid,
      name,
      gender,
      position: manager === undefined ? '店长' : '导购',
      departments: atHeadquarters ? [store, 2] : [store],
      leaderIn: manager === undefined ? [store] : [],
      directLeader: manager === undefined ? [] : [manager],
    })
    if (manager === undefined) managers.set(store, userid)
  }
}

/** 陈晓雨 is chenxiaoyu, the second of that name chenxiaoyu2. */
export function freeUserid(staff: Staff, wanted: string): string {
  let userid = wanted
  for (let n = 2; staff.find(userid) !== undefined; n++) userid = `${wanted}${n}`
  return userid
}

/** Tag groups of the demo: name, tags, and the app that made them (undefined: by hand in the console). */
export const BRAND_TAGS: readonly { name: string; tags: readonly string[]; appKey?: string }[] = [
  { name: '客户等级', tags: ['新客', '普通会员', '银卡', '金卡', '黑金卡'] },
  { name: '偏好', tags: ['爱吃榴莲', '车厘子', '进口水果', '果切', '礼盒', '有机'] },
  { name: '家庭', tags: ['有宝宝', '有老人', '健身', '孕妈'] },
  { name: '来源', tags: ['门店扫码', '外卖卡', '社群', '朋友推荐'], appKey: 'crm' },
]

/** Acquisition quota the brand has bought, and how long it lasts. */
export const BRAND_LINK_QUOTA = { balance: 2000, days: 90 }

export const BRAND_GROUPS = ['福利群', '会员日群', '榴莲团购群', '早安水果群', '宝妈交流群', '试吃官群']
