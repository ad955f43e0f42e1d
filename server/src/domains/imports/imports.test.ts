import exceljs from 'exceljs'
import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { erasePerson } from '../compliance/index.ts'
import { faultView, importView } from './imports.schema.ts'
import { importSite } from './testing.ts'

const site = await importSite()
const { db, corpId, bring, tried, ran, whole, work, look, operator } = site

const gbk = (text: string) => {
  // 会员号,姓名 / 手机号 and a name, as Excel in China writes them
  const known: Readonly<Record<string, number[]>> = {
    会: [0xbb, 0xe1],
    员: [0xd4, 0xb1],
    号: [0xba, 0xc5],
    姓: [0xd0, 0xd5],
    名: [0xc3, 0xfb],
    张: [0xd5, 0xc5],
    三: [0xc8, 0xfd],
  }
  return Uint8Array.from([...text].flatMap((sign) => known[sign] ?? [sign.charCodeAt(0)]))
}
async function people(prefix: string) {
  const { rows } = await sql<{ member: string; name: Buffer | null; phone: Buffer | null }>`
    select i.value as member, c.name_sealed as name, c.phone_sealed as phone from identities i
    left join imported_customers c on c.customer_id = i.customer_id
    where i.kind = 'member_no' and i.corp_id = ${corpId} and i.value like ${`${prefix}%`} order by 1`.execute(db)
  const open = (sealed: Buffer | null) => (sealed === null ? null : site.services.vault.open(sealed))
  return rows.map(({ member, name, phone }) => ({ member, name: open(name), phone: open(phone) }))
}
const reasons = async (id: string) =>
  (await operator.get(`/api/imports/${id}/faults`))
    .as(z.object({ items: z.array(faultView) }))
    .items.map(({ line, field }) => [line, field])

describe('customers from a table', () => {
  const table = '会员号,姓名,手机号\nA1,张三,13800000001\nA2,李四,138 0000 0002\nA3,王五,\n'

  test('are tried without a trace, then taken; the same table again changes nothing', async () => {
    const { id } = await bring('customers', table)
    expect((await look(id)).mapping).toEqual(['member_no', 'name', 'phone_typed'])
    const trial = await tried(id)
    expect(trial).toMatchObject({ state: 'checked', position: 3, counts: { new: 3, changed: 0, rejected: 0 } })
    expect(await people('A')).toEqual([])
    expect(await ran(id)).toMatchObject({ state: 'done', counts: { new: 3, changed: 0, unchanged: 0 } })
    expect(await people('A')).toEqual([
      { member: 'A1', name: '张三', phone: '13800000001' },
      { member: 'A2', name: '李四', phone: '13800000002' },
      { member: 'A3', name: '王五', phone: null },
    ])
    const again = await whole('customers', table)
    expect(again.trial.counts).toMatchObject({ new: 0, changed: 0, unchanged: 3 })
    expect(again.result.counts).toMatchObject({ new: 0, changed: 0, unchanged: 3 })
    const changed = await whole('customers', table.replace('李四', '李思'))
    expect(changed.result.counts).toMatchObject({ changed: 1, unchanged: 2 })
  })

  test('a number typed by hand proposes and never joins', async () => {
    await whole('customers', '会员号,手机号\nT1,13811110000\nT2,13811110000\n')
    const { rows } = await sql<{ merged: number; proposals: number }>`
      select count(*) filter (where merged_into is not null)::int as merged,
        (select count(*)::int from identity_proposals where corp_id = ${corpId}) as proposals
      from customers where id in (select customer_id from identities where value in ('T1', 'T2'))`.execute(db)
    expect(rows[0]?.merged).toBe(0)
  })

  test('a number that a later table corrects proposes nobody any more', async () => {
    const between = async () => {
      const { rows } = await sql<{ both: string[] }>`
        select array_agg(i.value order by i.value) as both from identity_proposals p
        join identities i on i.customer_id in (p.low_id, p.high_id) and i.value like 'Q_' group by p.low_id, p.high_id`.execute(
        db,
      )
      return rows.map(({ both }) => both.join(' ')).sort()
    }
    await whole('customers', '会员号,手机号\nQ1,13811112201\nQ2,13811112202\nQ3,13811112201\n')
    expect(await between()).toEqual(['Q1 Q3'])
    await whole('customers', '会员号,手机号\nQ3,13811112203\nQ3,13811112202\n')
    expect(await between()).toEqual(['Q2 Q3'])
    // a table without the column corrects nothing
    await whole('customers', '会员号,姓名\nQ3,改\n')
    expect(await between()).toEqual(['Q2 Q3'])
  })

  test('do not bring back who was erased; a number that he shared with somebody hinders nobody', async () => {
    await whole('customers', '会员号,姓名,手机号\nE1,诸葛,13822220000\n')
    const { customer_id: customerId } = await db
      .selectFrom('identities')
      .select('customer_id')
      .where('value', '=', 'E1')
      .executeTakeFirstOrThrow()
    const audit = { corpId, actor: undefined, action: 'customer.erase', outcome: 'done' } as const
    const erased = await erasePerson(site.services, {
      ...{ corpId, customerId },
      audit: { ...audit, ip: '', userAgent: '', requestId: 'r' },
    })
    expect(erased.kind).toBe('erased')
    const table = '会员号,姓名,手机号\nE1,诸葛,13822220000\nE2,诸葛夫人,13822220000\n'
    const { id, trial, result } = await whole('customers', table)
    expect(trial.counts).toMatchObject({ new: 1, rejected: 1 })
    expect(result.counts).toMatchObject({ new: 1, rejected: 1 })
    expect(await reasons(id)).toEqual([[2, '']])
    expect((await people('E')).map(({ member, name }) => [member, name])).toEqual([['E2', '诸葛夫人']])
    const tags = await whole('tags', '会员号,标签\nE1,老客\n')
    expect(tags.result.counts).toMatchObject({ new: 0, rejected: 1 })
    expect((await people('E')).map(({ member }) => member)).toEqual(['E2'])
  })

  test('dirty rows are told apart with a reason and come back in a file that can be mended and sent', async () => {
    const { id, result } = await whole(
      'customers',
      '会员号,姓名,手机号,备注\nB1,甲,1380000,=1+1\n,乙,,x\nB3,丙,1.38E+10,"a,b"\nB4,丁,13900000004,y\nB5,戊,11111111111,z\n',
    )
    expect(result.counts).toMatchObject({ new: 1, rejected: 4 })
    expect(await reasons(id)).toEqual([
      [2, 'phone_typed'],
      [3, 'customer'],
      [4, 'phone_typed'],
      [6, 'phone_typed'],
    ])
    const file = await (await operator.send(`/api/imports/${id}/errors`)).text()
    const [header, first, , third] = file.split('\n')
    expect(header).toBe('会员号,姓名,手机号,备注,原文件行号,未导入原因,怎么改')
    // a spreadsheet must not compute what a customer wrote
    expect(first?.startsWith("B1,甲,1380000,'=1+1,2,手机号不对")).toBe(true)
    const mended = file
      .replace('1380000,', '13800000009,')
      .replace('1.38E+10', '13800000010')
      .replace(',乙,,', 'B2,乙,,')
      .replace('11111111111', '')
    expect(third).toContain('"a,b"')
    const again = await whole('customers', mended)
    expect(again.result.counts).toMatchObject({ new: 4, rejected: 0 })
    expect((await people('B')).map(({ member }) => member)).toEqual(['B1', 'B2', 'B3', 'B4', 'B5'])
  })

  test('GBK as Excel writes it is read; 200 columns are no hindrance; of repeated rows the later counts', async () => {
    await whole('customers', gbk('会员号,姓名\nG1,张三\n'))
    expect(await people('G')).toEqual([{ member: 'G1', name: '张三', phone: null }])
    const more = Array.from({ length: 198 }, (_, n) => `c${n}`)
    const { result } = await whole(
      'customers',
      `会员号;姓名;${more.join(';')}\nW1;一;${more.join(';')}\nW1;二;${more.join(';')}\n`,
    )
    expect(result.counts).toMatchObject({ new: 1, changed: 1, repeated: 1 })
    expect(await people('W')).toEqual([{ member: 'W1', name: '二', phone: null }])
  })

  test('an Excel workbook is read row by row: texts, numbers, dates, rich text and empty cells', async () => {
    const book = new exceljs.Workbook()
    const sheet = book.addWorksheet('会员')
    sheet.addRow(['会员号', '姓名', '手机号', '入会'])
    sheet.addRow([
      'X1',
      { richText: [{ text: '张' }, { text: '三' }] },
      13_800_000_021,
      new Date('2026-06-02T00:00:00Z'),
    ])
    sheet.addRow(['X2', null, '', ''])
    const bytes = new Uint8Array(await book.xlsx.writeBuffer())
    const { id } = await bring('customers', bytes, '会员.xlsx')
    const found = await look(id)
    expect(found.look).toMatchObject({
      format: 'xlsx',
      samples: [
        ['X1', '张三', '13800000021', '2026-06-02'],
        ['X2', '', '', ''],
      ],
    })
    await tried(id)
    expect((await ran(id)).counts).toMatchObject({ new: 2, rejected: 0 })
    expect(await people('X')).toEqual([
      { member: 'X1', name: '张三', phone: '13800000021' },
      { member: 'X2', name: null, phone: null },
    ])
  })

  test.each([
    ['no text', Uint8Array.from([0xff, 0xfe - 1, 0x81, 0x00, 0xff, 0xff])],
    ['an old Excel file', Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2, 3])],
    ['a broken XLSX', Uint8Array.from([0x50, 0x4b, 3, 4, 9, 9, 9, 9])],
    ['a header alone', new TextEncoder().encode('会员号,姓名\n')],
  ])('%s is refused in words', async (_what, bytes) => {
    const refused = await bring('customers', bytes).catch(
      (error: unknown) => z.object({ body: z.object({ message: z.string(), hint: z.string() }) }).parse(error).body,
    )
    expect(refused).toMatchObject({
      message: expect.stringMatching(/[。]$/),
      hint: expect.stringContaining('什么都没有改动'),
    })
  })

  test('a run that is killed goes on where it was; no row is counted twice', async () => {
    const rows = Array.from({ length: 5_000 }, (_, n) => `K${String(n).padStart(5, '0')},名${n}`)
    const { id } = await bring('customers', `会员号,姓名\n${rows.join('\n')}\n`)
    await tried(id)
    await operator.post(`/api/imports/${id}/run`)
    await work(1)
    expect(await look(id)).toMatchObject({ state: 'running', position: 2_000 })
    await work(1)
    expect(await look(id)).toMatchObject({ position: 4_000 })
    await work()
    expect(await look(id)).toMatchObject({
      state: 'done',
      position: 5_000,
      counts: { new: 5_000, changed: 0, unchanged: 0 },
    })
  })

  test('a cancelled run keeps what is behind it, and can be tried and run again', async () => {
    const rows = Array.from({ length: 2_500 }, (_, n) => `C${n},名${n}`)
    const { id } = await bring('customers', `会员号,姓名\n${rows.join('\n')}\n`)
    await tried(id)
    await operator.post(`/api/imports/${id}/run`)
    await work(1, 'cancelled')
    expect(await look(id)).toMatchObject({ state: 'cancelled', position: 2_000 })
    expect((await tried(id)).counts).toMatchObject({ new: 500, unchanged: 2_000 })
    expect((await ran(id)).counts).toMatchObject({ new: 500, unchanged: 2_000 })
  })

  test('any split of the rows into files ends in the same people', async () => {
    let round = 0
    const row = fc.record({
      who: fc.integer({ min: 0, max: 4 }),
      name: fc.constantFrom('', '甲', '乙'),
      phone: fc.constantFrom('', '13800000000', '13900000000'),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(12), { maxLength: 3 }),
        async (rows, cuts) => {
          round += 1
          const lines = (prefix: string) => rows.map(({ who, name, phone }) => `${prefix}${who},${name},${phone}`)
          const send = (part: string[]) =>
            part.length === 0 ? undefined : whole('customers', `会员号,姓名,手机号\n${part.join('\n')}\n`)
          const [one, many] = [`P${round}x`, `P${round}y`]
          await send(lines(one))
          const ends = [...new Set([...cuts.filter((cut) => cut < rows.length), rows.length])].sort((a, b) => a - b)
          for (const [at, end] of ends.entries()) {
            await send(lines(many).slice(ends[at - 1] ?? 0, end))
            site.clock.advance(60_000)
          }
          const plain = async (prefix: string) =>
            (await people(prefix)).map(({ member, ...said }) => ({ ...said, member: member.slice(prefix.length) }))
          expect(await plain(many)).toEqual(await plain(one))
        },
      ),
      { numRuns: 12 },
    )
  })
})

test('orders of several rows, members, tags and stores go the same way', async () => {
  const stores = await whole('stores', '门店编码,门店名称\nS1,一店\nS2,\n')
  expect(stores.result.counts).toMatchObject({ new: 1, rejected: 1 })
  const orders =
    '订单号,会员号,下单时间,支付时间,订单金额(元),商品编号,商品名称,数量,单价,门店编码\nO1,M1,2026-06-02 10:00,2026-06-02 10:01,30.50,durian,榴莲,1,20.5,S1\nO1,M1,2026-06-02 10:00,2026-06-02 10:01,30.50,milk,鲜奶,2,5,S1\nO2,M2,2026/6/3,,9.90,milk,鲜奶,1,9.9,S9\n'
  const { id, trial, result } = await whole('orders', orders)
  expect(trial.counts).toMatchObject({ new: 2, rejected: 1 })
  expect(result.counts).toMatchObject({ new: 2, rejected: 1 })
  expect(await reasons(id)).toEqual([[4, 'store']])
  const { rows } = await sql<{ number: string; amount: number; lines: number; paid_at: Date }>`
    select number, amount, jsonb_array_length(lines) as lines, paid_at from orders where corp_id = ${corpId}`.execute(
    db,
  )
  expect(rows).toEqual([{ number: 'O1', amount: 3_050, lines: 2, paid_at: new Date('2026-06-02T02:01:00Z') }])
  const members = await whole('members', '会员号,姓名,等级,积分,入会时间\nM1,甲,金卡,100,2025-01-01\nM3,乙,银卡,x,\n')
  expect(members.result.counts).toMatchObject({ new: 1, rejected: 1 })
  const again = await whole('orders', orders)
  expect(again.trial.counts).toMatchObject({ new: 0, rejected: 1 })
})

test('identities of a kind that the brand declared are offered, taken and join as they say, in every table of people', async () => {
  await db
    .insertInto('identity_kinds')
    .values([
      { corp_id: corpId, kind: 'till_no', name: '收银会员号', strong: true, exclusive: false },
      { corp_id: corpId, kind: 'nick_id', name: '昵称号', strong: false, exclusive: false },
    ])
    .execute()
  const homesWith = async (kind: string, value: string) => {
    const found = await db
      .selectFrom('identities as i')
      .innerJoin('customers as c', 'c.id', 'i.customer_id')
      .select(sql<number>`coalesce(c.merged_into, c.id)`.as('root'))
      .where('i.kind', '=', kind)
      .where('i.value', '=', value)
      .execute()
    return found.map(({ root }) => root)
  }
  const { id } = await bring('customers', '收银会员号,会员号,姓名,昵称号\nT-1,D1,甲,n1\nT-2,,乙,n1\n,,丙,\n')
  const looked = await look(id)
  expect(looked.mapping).toEqual(['kind:till_no', 'member_no', 'name', 'kind:nick_id'])
  expect(looked.targets).toContainEqual({ id: 'kind:till_no', name: '收银会员号', required: false, identity: true })
  expect((await tried(id)).counts).toMatchObject({ new: 2, rejected: 1 })
  expect((await ran(id)).counts).toMatchObject({ new: 2, rejected: 1 })
  expect(await homesWith('till_no', 'T-1')).toEqual(await homesWith('member_no', 'D1'))
  const [second] = await homesWith('till_no', 'T-2')
  expect(second).toBeDefined()
  // a weak one only proposes
  const proposals = await db.selectFrom('identity_proposals').select('kind').where('kind', '=', 'nick_id').execute()
  expect(proposals).toHaveLength(1)
  const orders = '订单号,收银会员号,下单时间,订单金额,商品编号\nTO1,T-2,2026-06-02,9.90,milk\n'
  expect((await whole('orders', orders)).result.counts).toMatchObject({ new: 1, rejected: 0 })
  const members = await whole('members', '会员号,收银会员号\nTM1,T-2\n')
  expect(members.result.counts).toMatchObject({ new: 1, rejected: 0 })
  expect(await homesWith('member_no', 'TM1')).toEqual([second])
  const again = await whole('customers', '收银会员号,姓名\nT-2,乙\nT-2,乙乙\n')
  expect(again.trial.counts).toMatchObject({ new: 0, repeated: 1 })
})

test('who may not, or sees only a part of the corp, is refused', async () => {
  const { id } = await bring('customers', '会员号\nZ1\n')
  for (const role of ['guide', 'store_manager'] as const)
    expect((await (await site.as(role)).get(`/api/imports/${id}`)).status).toBe(403)
  expect((await (await site.as('auditor')).post(`/api/imports/${id}/try`)).status).toBe(403)
  const region = await site.as('operator', { kind: 'region', departmentIds: [1] })
  expect((await region.get('/api/imports')).status).toBe(403)
  expect((await region.get(`/api/imports/${id}/errors`)).status).toBe(403)
  const other = await site.as('operator')
  expect((await other.get(`/api/imports/${id}`)).as(importView).look?.samples).toEqual([])
  expect((await other.get(`/api/imports/${id}/errors`)).status).toBe(403)
})
