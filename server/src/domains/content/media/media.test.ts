import { readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { assetsOf, platformAttachments } from './attachment.ts'
import { assetsToRenew, noteUploaded, platformMedia, saveAsset } from './media.store.ts'

const { db } = await testDatabase()
const at = new Date('2026-11-11T02:00:00Z')
const later = new Date('2026-11-13T02:00:00Z')
const corpId = 1
const picture = (bytes: string) =>
  saveAsset(db, { corpId, kind: 'image', fileName: 'a.png', mime: 'image/png', bytes: Buffer.from(bytes) }, at)

beforeAll(async () => {
  await sql`insert into corps (id, corpid, name, created_at) overriding system value values (1, 'wwtest', '测试', ${at})`.execute(
    db,
  )
})

describe('media', () => {
  it('are one asset for the same bytes, and renewed while a campaign that shows them may still go out', async () => {
    const [shown, idle] = [await picture('shown'), await picture('idle')]
    expect(await picture('shown')).toBe(shown)
    const campaign = uuid()
    const spec = { variants: [{ content: { attachments: [{ kind: 'image', asset_id: shown }] } }] }
    await sql`insert into campaigns (id, corp_id, name, state, created_at, changed_at)
      values (${campaign}, 1, '上新', 'approved', ${at}, ${at})`.execute(db)
    await sql`insert into campaign_versions (campaign_id, version, spec, changed_at)
      values (${campaign}, 1, ${JSON.stringify(spec)}::jsonb, ${at})`.execute(db)
    expect(await assetsToRenew(db, corpId, at)).toEqual([shown])
    await noteUploaded(db, shown, { mediaId: 'm1', until: later })
    expect(await assetsToRenew(db, corpId, at)).toEqual([])
    expect(await assetsToRenew(db, corpId, new Date(later.getTime() + 1))).toEqual([shown])
    await sql`update campaigns set state = 'ended' where id = ${campaign}`.execute(db)
    expect(await assetsToRenew(db, corpId, new Date(later.getTime() + 1))).toEqual([])
    const held = await platformMedia(db, [shown, idle], at)
    expect([held.get(shown)?.mediaId, held.get(idle)?.mediaId]).toEqual(['m1', undefined])
    expect((await platformMedia(db, [shown], later)).get(shown)?.mediaId).toBeUndefined()
  })

  it('go out by their place at the platform, and what is not there is named', () => {
    const link = { kind: 'link' as const, title: '标题', url: 'https://a.cn', desc: '', picurl: '' }
    const given = [link, { kind: 'image' as const, asset_id: 'x' }, { kind: 'video' as const, asset_id: 'y' }]
    expect(assetsOf(given)).toEqual(['x', 'y'])
    const media = (id: string) => (id === 'x' ? { picUrl: 'https://p.cn/x', mediaId: undefined } : undefined)
    expect(platformAttachments(given, media)).toEqual({
      attachments: [
        { msgtype: 'link', link: { title: '标题', url: 'https://a.cn' } },
        { msgtype: 'image', image: { pic_url: 'https://p.cn/x' } },
      ],
      missing: ['y'],
    })
  })
})

describe('a welcome that was written before attachments had one shape', () => {
  it('is rewritten attachment by attachment, in order, and its words stay as they were', async () => {
    const welcome = uuid()
    const texts = { text: '"assetId" 是什么', textWithoutName: '你好' }
    const band = (attachments: readonly object[]) => ({ name: '全天', content: { ...texts, attachments } })
    const bands = [
      band([
        { kind: 'image', assetId: 'a' },
        { kind: 'link', title: 't', url: 'https://a.cn', desc: 'd' },
        { kind: 'miniprogram', title: 'm', appid: 'wx', page: 'p', assetId: 'b' },
      ]),
      band([]),
    ]
    await sql`insert into welcomes (id, corp_id, level, target, name, created_at)
      values (${welcome}, 1, 'default', '', '默认', ${at})`.execute(db)
    await sql`insert into welcome_versions (id, welcome_id, number, bands, created_by, created_at)
      values (${uuid()}, ${welcome}, 1, ${JSON.stringify(bands)}::jsonb, '', ${at})`.execute(db)
    const migration = new URL('../../../../migrations/0046_one_attachment.sql', import.meta.url)
    const rewrite = await readFile(migration, 'utf8')
    // said twice it changes nothing more
    for (let times = 0; times < 2; times++)
      for (const statement of rewrite.split(/;\s*$/m).filter((one) => one.includes('update')))
        await sql.raw(statement).execute(db)
    const { rows } = await sql<{ bands: unknown }>`select bands from welcome_versions`.execute(db)
    expect(rows[0]?.bands).toEqual([
      band([
        { kind: 'image', asset_id: 'a' },
        { kind: 'link', title: 't', url: 'https://a.cn', desc: 'd', picurl: '' },
        { kind: 'miniprogram', title: 'm', appid: 'wx', page: 'p', asset_id: 'b' },
      ]),
      band([]),
    ])
  })
})
