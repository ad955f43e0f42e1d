import type { Said } from '../../infra/errors.ts'
import type { ImportKind, Mapping } from './imports.schema.ts'

/** A field that a column may fill. */
export interface TargetField {
  readonly id: string
  readonly name: Said
  /** Names of columns that mean it, in small letters. */
  readonly also: readonly string[]
  /** Says who the person is; true: a table needs one such column at least. */
  readonly identity?: boolean
  readonly required?: boolean
}

const target = (id: string, zh: string, en: string, also: readonly string[], more: Partial<TargetField> = {}) => ({
  ...{ id, name: { zh, en }, also },
  ...more,
})
const identity = { identity: true } as const
const required = { required: true } as const

const identities: readonly TargetField[] = [
  target(
    'external_userid',
    '外部联系人ID',
    'external_userid',
    ['external_userid', '外部联系人id', '企微客户id', '客户id'],
    identity,
  ),
  target('unionid', 'UnionID', 'unionid', ['unionid', 'union_id', '微信unionid'], identity),
  target(
    'member_no',
    '会员号',
    'Member number',
    ['会员号', '会员卡号', '会员编号', '会员id', '卡号', 'member_no', 'member no', 'member number', 'card no'],
    identity,
  ),
  target(
    'phone_typed',
    '手机号（人工登记）',
    'Phone (typed)',
    ['手机号', '手机', '手机号码', '电话', '联系电话', '联系方式', 'mobile', 'phone', 'phone number', 'tel'],
    identity,
  ),
  target('phone', '手机号（已验证）', 'Phone (proved)', ['已验证手机号', '验证手机号', 'verified phone'], identity),
  target('email', '邮箱', 'E-mail', ['邮箱', '电子邮箱', '邮件', 'email', 'e-mail'], identity),
]
/** Of a member and of an order the number stands for the row; whom it names is said beside. */
const others = identities.filter(({ id }) => id !== 'member_no').map((one) => ({ ...one, identity: false }))

const fieldsOfKind: Readonly<Record<ImportKind, readonly TargetField[]>> = {
  customers: [
    ...identities,
    target('name', '姓名', 'Name', ['姓名', '名字', '客户姓名', '客户名称', '真实姓名', 'name', 'full name']),
    target('tags', '标签', 'Tags', ['标签', '客户标签', 'tag', 'tags']),
  ],
  members: [
    { ...target('number', '会员号', 'Member number', identities[2]?.also ?? [], { identity: false }), ...required },
    ...others,
    target('name', '姓名', 'Name', ['姓名', '名字', '会员姓名', 'name', 'full name']),
    target('level', '等级', 'Level', ['等级', '会员等级', '会员级别', 'level', 'tier']),
    target('points', '积分', 'Points', ['积分', '可用积分', 'points']),
    target('joined_at', '入会时间', 'Joined', ['入会时间', '注册时间', '开卡时间', '入会日期', 'joined', 'joined_at']),
    target('ended_at', '退会时间', 'Ended', ['退会时间', '失效时间', 'ended_at']),
    target('store', '门店编码', 'Store code', [
      '门店编码',
      '归属门店',
      '开卡门店',
      'store',
      'store code',
      'store_code',
    ]),
    target('updated_at', '更新时间', 'Changed', ['更新时间', '修改时间', 'updated_at', 'updated']),
  ],
  orders: [
    {
      ...target('number', '订单号', 'Order number', [
        '订单号',
        '订单编号',
        '单号',
        'order no',
        'order_no',
        'order number',
        'number',
      ]),
      ...required,
    },
    ...identities,
    {
      ...target('ordered_at', '下单时间', 'Ordered', [
        '下单时间',
        '订单时间',
        '创建时间',
        'ordered_at',
        'order time',
        'created at',
      ]),
      ...required,
    },
    target('paid_at', '支付时间', 'Paid', ['支付时间', '付款时间', 'paid_at', 'paid']),
    target('cancelled_at', '取消时间', 'Cancelled', ['取消时间', '关闭时间', 'cancelled_at']),
    {
      ...target('amount', '订单金额（元）', 'Order total (yuan)', [
        '订单金额',
        '实付金额',
        '实付',
        '金额',
        '订单总额',
        'amount',
        'total',
      ]),
      ...required,
    },
    target('refunded', '退款金额（元）', 'Refunded (yuan)', ['退款金额', '已退款', 'refunded']),
    target('refunded_at', '退款时间', 'Refunded at', ['退款时间', 'refunded_at']),
    {
      ...target('product', '商品编号', 'Product number', [
        '商品编号',
        '商品编码',
        '货号',
        'sku',
        '商品id',
        'product',
        'product no',
      ]),
      ...required,
    },
    target('product_name', '商品名称', 'Product name', ['商品名称', '商品', '品名', 'product name']),
    target('category', '品类', 'Category', ['品类', '类目', '分类', 'category']),
    target('quantity', '数量', 'Quantity', ['数量', '件数', 'quantity', 'qty']),
    target('price', '单价（元）', 'Price (yuan)', ['单价', '价格', 'price']),
    target('line_amount', '商品小计（元）', 'Line total (yuan)', [
      '小计',
      '商品金额',
      '商品小计',
      'line amount',
      'subtotal',
    ]),
    target('store', '门店编码', 'Store code', ['门店编码', '门店', 'store', 'store code', 'store_code']),
    target('channel', '渠道', 'Channel', ['渠道', '销售渠道', '订单渠道', 'channel']),
    target('staff', '员工账号', 'Staff userid', ['员工账号', '导购账号', '导购', 'staff', 'userid']),
    target('updated_at', '更新时间', 'Changed', ['更新时间', '修改时间', 'updated_at', 'updated']),
  ],
  tags: [
    ...identities,
    { ...target('tag', '标签', 'Tag', ['标签', '标签名', '标签名称', 'tag', 'tags', 'tag name']), ...required },
    target('group', '标签组', 'Tag group', ['标签组', '标签分组', '组名', 'group', 'tag group']),
    target('remove', '是否移除', 'Take off', ['是否移除', '移除', 'remove']),
  ],
  stores: [
    {
      ...target('code', '门店编码', 'Store code', ['门店编码', '门店编号', 'code', 'store_code', 'store code']),
      ...required,
    },
    { ...target('name', '门店名称', 'Store name', ['门店名称', '门店', '店名', 'name', 'store name']), ...required },
    target('city', '城市', 'City', ['城市', 'city']),
    target('region', '区域', 'Region', ['区域', '大区', 'region']),
    target('address', '地址', 'Address', ['地址', '门店地址', 'address']),
    target('latitude', '纬度', 'Latitude', ['纬度', 'lat', 'latitude']),
    target('longitude', '经度', 'Longitude', ['经度', 'lng', 'longitude']),
    target('openingHours', '营业时间', 'Opening hours', ['营业时间', 'hours', 'opening_hours', 'opening hours']),
    target('managerUserid', '店长账号', 'Manager userid', [
      '店长账号',
      '店长',
      'manager',
      'manager_userid',
      'manager userid',
    ]),
    target('departmentId', '部门ID', 'Department ID', [
      '部门id',
      '部门',
      'department',
      'department_id',
      'department id',
    ]),
  ],
}

/** What the brand defined of its customers: fields, and identities of its own systems. */
export interface Own {
  readonly fields: readonly { readonly id: string; readonly name: string }[]
  readonly kinds: readonly { readonly kind: string; readonly name: string }[]
}

const fieldPrefix = 'field:'
const kindPrefix = 'kind:'

/** The kind that the brand declared and that such a column tells; undefined: it tells something else. */
export function declaredKindOf(id: string): string | undefined {
  return id.startsWith(kindPrefix) ? id.slice(kindPrefix.length) : undefined
}

const isOwn = ({ id }: TargetField) => id.startsWith(fieldPrefix) || id.startsWith(kindPrefix)

/** What the columns of such a table may fill. */
export function targetsOf(kind: ImportKind, own: Own): readonly TargetField[] {
  if (kind === 'stores') return fieldsOfKind.stores
  const ownTarget = (id: string, name: string, also: string, more: Partial<TargetField> = {}) =>
    target(id, name, name, [name.toLowerCase(), also], more)
  return [
    ...fieldsOfKind[kind],
    ...own.kinds.map((one) =>
      // of a member the number stands for the row
      ownTarget(`${kindPrefix}${one.kind}`, one.name, one.kind, { identity: kind !== 'members' }),
    ),
    ...(kind === 'customers' ? own.fields.map(({ id, name }) => ownTarget(`${fieldPrefix}${id}`, name, id)) : []),
  ]
}

const plain = (header: string) =>
  header
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[*:()\s]+/g, ' ')
    .replace(/ (?:元|必填|选填|yuan)(?= |$)/g, '')
    .trim()

/** For each column the field that it most likely fills, by its name, else by what stands in it; each field once. */
export function guessMapping(
  targets: readonly TargetField[],
  headers: readonly string[],
  samples: readonly (readonly string[])[],
): Mapping {
  const taken = new Set<string>()
  const take = (found: TargetField | undefined) => {
    if (found === undefined || taken.has(found.id)) return null
    taken.add(found.id)
    return found.id
  }
  const names = headers.map(plain)
  // what a brand itself gave exactly this name goes before a word of ours
  const byName = names.map((name) =>
    name === ''
      ? null
      : take(
          targets.find((one) => isOwn(one) && plain(one.name.zh) === name) ??
            targets.find((one) => [one.id, plain(one.name.zh), plain(one.name.en), ...one.also].includes(name)),
        ),
  )
  return byName.map((id, at) => id ?? take(targets.find((one) => one.id === guessByCells(samples, at))))
}

/** Identities have a shape of their own, whatever the column is called. */
function guessByCells(samples: readonly (readonly string[])[], at: number): string | undefined {
  const cells = samples.map((row) => row[at] ?? '').filter((cell) => cell !== '')
  const all = (shape: RegExp) => cells.length > 0 && cells.every((cell) => shape.test(cell))
  if (all(/^(?:\+?86)?[ -]?1[3-9]\d{9}$/)) return 'phone_typed'
  if (all(/^w[mo][\w-]{30}$/)) return 'external_userid'
  if (all(/^o[\w-]{27}$/)) return 'unionid'
  if (all(/^[^@\s]+@[^@\s]+\.[a-z]+$/i)) return 'email'
  return undefined
}

/** What one fact may name. */
const mostIdentities = 8

/** Why a table cannot be taken with this mapping. */
export function mappingFaults(targets: readonly TargetField[], mapping: Mapping): readonly Said[] {
  const faults: Said[] = []
  const used = mapping.flatMap((id) => id ?? [])
  const unknown = used.find((id) => !targets.some((one) => one.id === id))
  if (unknown !== undefined) faults.push({ zh: `没有「${unknown}」这个字段`, en: `There is no field “${unknown}”` })
  for (const { id, name } of targets)
    if (used.filter((one) => one === id).length > 1)
      faults.push({ zh: `「${name.zh}」被两列同时使用，只能选一列`, en: `Two columns fill “${name.en}”: choose one` })
  for (const { name } of targets.filter((one) => one.required && !used.includes(one.id)))
    faults.push({ zh: `还没有选「${name.zh}」是哪一列`, en: `No column fills “${name.en}”` })
  const naming = targets.filter((one) => one.identity)
  if (naming.length > 0 && !naming.some(({ id }) => used.includes(id)))
    faults.push({
      zh: `至少要有一列能认出客户：${naming.map(({ name }) => name.zh).join('、')}`,
      en: `One column at least must tell who it is: ${naming.map(({ name }) => name.en).join(', ')}`,
    })
  const telling = used.filter((id) => targets.some((one) => one.id === id && one.identity !== undefined))
  if (telling.length > mostIdentities)
    faults.push({
      zh: `认客户的列最多 ${mostIdentities} 列，请只保留最确定的`,
      en: `At most ${mostIdentities} columns may tell who it is: keep the surest`,
    })
  return faults
}

/** A row's cells by field; cells that our own export guarded against being read as a formula come back as they were. */
export function cellsOf(mapping: Mapping, cells: readonly string[]): ReadonlyMap<string, string> {
  const named = new Map<string, string>()
  for (const [at, id] of mapping.entries()) {
    const cell = cells[at] ?? ''
    if (id !== null && cell !== '') named.set(id, /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell)
  }
  return named
}
