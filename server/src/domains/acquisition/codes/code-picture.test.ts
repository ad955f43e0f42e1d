import { Worker } from 'node:worker_threads'
import { toBuffer } from 'qrcode'
import sharp from 'sharp'
import { describe, expect, it, vi } from 'vitest'
import { decodePicture, drawCode } from './code-picture.ts'

const content = 'https://work.weixin.qq.com/ca/cawcde9b3d6f0d5c2c?customer_channel=8Kd93mXq2Lw7'
const logo = () =>
  sharp({ create: { width: 300, height: 200, channels: 4, background: '#0E7C66' } })
    .png()
    .toBuffer()

describe('pictures of codes', () => {
  it('reads what the platform’s picture holds, and nothing where there is nothing', async () => {
    expect(await decodePicture(await toBuffer(content, { width: 430 }))).toBe(content)
    const blank = await sharp({ create: { width: 300, height: 300, channels: 3, background: '#fff' } })
      .png()
      .toBuffer()
    expect(await decodePicture(blank)).toBeUndefined()
  })

  for (const format of ['png', 'svg'] as const) {
    for (const size of [200, 430, 1280]) {
      it(`a ${format} of ${size} px with a logo in its middle reads back`, async () => {
        const picture = await drawCode(content, { format, size, logo: { picture: await logo(), mime: 'image/png' } })
        expect(await decodePicture(picture)).toBe(content)
        expect((await sharp(picture).metadata()).format).toBe(format)
      })
    }
  }

  it('a reader that nobody asks any more ends, and the next picture is read by another', async () => {
    const end = vi.spyOn(Worker.prototype, 'terminate')
    const picture = await toBuffer(content, { width: 430 })
    expect(await decodePicture(picture)).toBe(content)
    await expect.poll(() => end.mock.calls.length).toBe(1)
    expect(await decodePicture(picture)).toBe(content)
  })

  it('a png has the size that was asked for', async () => {
    const { width, height } = await sharp(await drawCode(content, { format: 'png', size: 512 })).metadata()
    expect([width, height]).toEqual([512, 512])
  })
})
