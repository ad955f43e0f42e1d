import { describe, expect, test } from 'vitest'
import { type Answer, PNG, type Stage, stage } from '../testing/stage.ts'

const agentid = 1000002
const LINKED = 'wx8f2a7d3c1b5e4f60'

/** An AMR file of so many frames of 20 ms. */
const amr = (frames: number): Uint8Array<ArrayBuffer> => {
  const body = Buffer.alloc(6 + frames * 13)
  body.write('#!AMR\n', 'latin1')
  for (let frame = 0; frame < frames; frame++) body[6 + frame * 13] = 0x04
  return new Uint8Array(body)
}
const mp4 = new Uint8Array(Buffer.from('\0\0\0\0ftypisom and what is shown'))
const pdf = new Uint8Array(Buffer.from('%PDF-1.7 and what is said'))

const send = ({ call }: Stage, msgtype: string, content: object, more: object = {}): Promise<Answer> =>
  call('message/send', { touser: 'chenxiaoyu', msgtype, agentid, [msgtype]: content, ...more })
const code = async (on: Stage, msgtype: string, content: object, more: object = {}) =>
  (await send(on, msgtype, content, more)).errcode
const seen = async ({ admin }: Stage) =>
  (await admin('GET', '/people/chenxiaoyu/chats/app:nuanyu/messages')).messages.at(-1).body
const uploaded = async ({ upload }: Stage, type: string, file: Uint8Array<ArrayBuffer>, name?: string) =>
  (await upload(`media/upload?type=${type}`, file, name)).media_id

describe('what an app sends a member', () => {
  test('a text is cut at its bytes, between characters; an empty one is refused', async () => {
    const on = await stage()
    expect(await code(on, 'text', { content: '好'.repeat(700) })).toBe(0)
    expect(await seen(on)).toEqual({ type: 'text', content: '好'.repeat(682) })
    expect(await code(on, 'text', { content: '' })).toBe(44004)
  })

  test('a picture, a voice, a video and a file are shown of what was uploaded as such, and no other kind is taken', async () => {
    const on = await stage()
    const media = {
      image: await uploaded(on, 'image', PNG),
      voice: await uploaded(on, 'voice', amr(50), 'hello.amr'),
      video: await uploaded(on, 'video', mp4, 'film.mp4'),
      file: await uploaded(on, 'file', pdf, '价目表.pdf'),
    }
    const kinds = Object.keys(media) as (keyof typeof media)[]
    for (const kind of kinds) {
      for (const other of kinds)
        expect([kind, other, await code(on, kind, { media_id: media[other] })]).toEqual([
          kind,
          other,
          kind === other ? 0 : 40007,
        ])
      expect(await code(on, kind, { media_id: 'nothing' })).toBe(40007)
      await send(on, kind, { media_id: media[kind] })
      expect((await seen(on)).url).toBe(`/media/${media[kind]}`)
    }
    expect(await seen(on)).toMatchObject({ type: 'file', name: '价目表.pdf', size: pdf.length })
  })

  test('a voice is AMR and lasts a minute at most', async () => {
    const { upload } = await stage()
    const said = async (file: Uint8Array<ArrayBuffer>) =>
      (await upload('media/upload?type=voice', file, 'a.amr')).errcode
    expect(await said(amr(3_000))).toBe(0)
    expect(await said(amr(3_001))).toBe(45007)
    expect(await said(mp4)).toBe(40005)
  })

  test('media of Moments are no media of messages', async () => {
    const on = await stage()
    const { media_id } = await on.upload('media/upload_attachment?media_type=image&attachment_type=1', PNG)
    expect(await code(on, 'image', { media_id })).toBe(40007)
  })

  test('a text card and articles have their titles and texts cut, and lead somewhere', async () => {
    const on = await stage()
    const card = { title: '题'.repeat(129), description: '文'.repeat(513), url: 'https://a.cn', btntxt: '看看详情吧' }
    expect(await code(on, 'textcard', card)).toBe(0)
    expect(await seen(on)).toEqual({
      ...{ type: 'card', title: '题'.repeat(128), description: '文'.repeat(512), url: 'https://a.cn' },
    })
    expect(await code(on, 'textcard', { ...card, url: '' })).toBe(41010)
    const article = { title: '题'.repeat(43), description: '文'.repeat(171), url: 'https://a.cn' }
    expect(await code(on, 'news', { articles: [article] })).toBe(0)
    expect(await seen(on)).toMatchObject({ title: '题'.repeat(42), description: '文'.repeat(170), url: 'https://a.cn' })
    expect(await code(on, 'news', { articles: [{ title: '题' }] })).toBe(41010)
    expect(await code(on, 'news', { articles: [{ title: '题', appid: LINKED, pagepath: 'pages/a' }] })).toBe(0)
    // the page wants the protocol in an address, a mini program's id and page together, and one that is linked
    expect(await code(on, 'textcard', { ...card, url: 'a.cn' })).toBe(40094)
    expect(await code(on, 'news', { articles: [{ title: '题', url: 'a.cn' }] })).toBe(40094)
    expect(await code(on, 'news', { articles: [{ title: '题', url: '' }] })).toBe(41010)
    expect(await code(on, 'news', { articles: [{ title: '题', appid: LINKED }] })).toBe(90204)
    expect(await code(on, 'news', { articles: [{ title: '题', appid: 'wx1', pagepath: 'pages/a' }] })).toBe(90206)
    expect(await code(on, 'news', { articles: [] })).toBe(45008)
    expect(await code(on, 'news', { articles: Array.from({ length: 9 }, () => article) })).toBe(45008)
  })

  test('an article of its own has a picture that was uploaded, and content within its size', async () => {
    const on = await stage()
    const thumb_media_id = await uploaded(on, 'image', PNG)
    const article = { title: '周报', thumb_media_id, content: '<p>很好</p>', digest: '要'.repeat(171) }
    expect(await code(on, 'mpnews', { articles: [article] }, { safe: 2 })).toBe(0)
    expect(await seen(on)).toMatchObject({ title: '周报', description: '要'.repeat(170) })
    expect(await code(on, 'mpnews', { articles: [article, { ...article, thumb_media_id: 'nothing' }] })).toBe(40007)
    const video = await uploaded(on, 'video', mp4, 'film.mp4')
    expect(await code(on, 'mpnews', { articles: [{ ...article, thumb_media_id: video }] })).toBe(40007)
    expect(await code(on, 'mpnews', { articles: [{ ...article, content: 'a'.repeat(700_000) }] })).toBe(45002)
  })

  test('markdown within its bytes', async () => {
    const on = await stage()
    expect(await code(on, 'markdown', { content: '**今日** <font color="info">12 单</font>' })).toBe(0)
    expect(await seen(on)).toMatchObject({ type: 'text' })
    expect(await code(on, 'markdown', { content: '好'.repeat(683) })).toBe(45002)
  })

  test('a notice of a mini program that is linked, to named members only', async () => {
    const on = await stage()
    const notice = { appid: LINKED, title: '订单提醒', content_item: [{ key: '订单', value: 'D1' }] }
    expect(await code(on, 'miniprogram_notice', notice)).toBe(0)
    expect(await seen(on)).toMatchObject({ title: '订单提醒' })
    // it speaks for itself: the page's example names no agent
    expect(await code(on, 'miniprogram_notice', notice, { agentid: undefined })).toBe(0)
    expect(await code(on, 'text', { content: '好' }, { agentid: undefined })).not.toBe(0)
    expect(await code(on, 'miniprogram_notice', { ...notice, appid: 'wx1' })).toBe(90206)
    expect(await code(on, 'miniprogram_notice', { ...notice, title: '短' })).toBe(40058)
    const many = { ...notice, content_item: Array.from({ length: 11 }, () => ({ key: 'a', value: 'b' })) }
    expect(await code(on, 'miniprogram_notice', many)).toBe(90201)
    expect(await code(on, 'miniprogram_notice', notice, { touser: '@all' })).toBe(40058)
  })

  test('of a kind that is not known is refused, as is one to nobody', async () => {
    const on = await stage()
    expect(await code(on, 'poem', { content: '好' })).toBe(40008)
    expect(await code(on, 'text', { content: '好' }, { touser: '' })).toBe(82001)
    expect(await code(on, 'text', { content: '好' }, { touser: 'nobody' })).toBe(81013)
  })
})
