import { Worker } from 'node:worker_threads'
import { toBuffer, toString as toText } from 'qrcode'
import sharp from 'sharp'

/** Pictures of codes: reading what one holds, and drawing one with a logo that is proven readable before it is given out. */

/** A reader holds some 75 MB; one that nobody has asked for so long ends, and the next picture starts another. */
const idleReaderMs = 3_000

let reader: { worker: Worker; waiting: Map<number, (content: string | null) => void>; next: number } | undefined

function startReader() {
  const worker = new Worker(new URL('./code-decode.worker.ts', import.meta.url))
  const waiting = new Map<number, (content: string | null) => void>()
  const forget = () => {
    clearTimeout(idle)
    for (const answer of waiting.values()) answer(null)
    if (reader?.worker === worker) reader = undefined
  }
  const endWhenIdle = () => {
    if (waiting.size > 0) return
    forget()
    void worker.terminate()
  }
  const idle = setTimeout(endWhenIdle, idleReaderMs).unref()
  worker.on('message', ({ id, content }: { id: number; content: string | null }) => {
    waiting.get(id)?.(content)
    waiting.delete(id)
    idle.refresh()
  })
  worker.on('error', forget)
  worker.on('exit', forget)
  worker.unref()
  return { worker, waiting, next: 0 }
}

/** The smaller is four times as quick and reads all but the densest codes. */
const readingSides = [300, 700]

/** What the QR code in a picture holds; undefined: none can be read. */
export async function decodePicture(picture: Uint8Array): Promise<string | undefined> {
  for (const side of readingSides) {
    const content = await readAt(picture, side)
    if (content !== null) return content
  }
  return undefined
}

async function readAt(picture: Uint8Array, side: number): Promise<string | null> {
  const { data, info } = await sharp(picture, { density: 144 })
    .flatten({ background: '#ffffff' })
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .extend({ top: 24, bottom: 24, left: 24, right: 24, background: '#ffffff' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  reader ??= startReader()
  const { worker, waiting } = reader
  const id = reader.next++
  return new Promise((resolve) => {
    waiting.set(id, resolve)
    worker.postMessage({ id, pixels: new Uint8ClampedArray(data), width: info.width, height: info.height })
  })
}

export interface Drawing {
  readonly format: 'png' | 'svg'
  /** Side in pixels (PNG) or user units (SVG), quiet zone included. */
  readonly size: number
  readonly logo?: { readonly picture: Uint8Array; readonly mime: string } | undefined
}

/** Share of the side that a logo covers, its white frame included: level H repairs 30 % of the area, this hides 6 %. */
const logoShare = 0.22

/** A drawing that cannot be read back would be printed in vain; it is never given out. */
export class UnreadableCode extends Error {}

export async function drawCode(content: string, drawing: Drawing): Promise<Buffer> {
  const drawn = drawing.format === 'svg' ? await drawSvg(content, drawing) : await drawPng(content, drawing)
  if ((await decodePicture(drawn)) !== content)
    throw new UnreadableCode('the drawn code does not read back as what it should hold')
  return drawn
}

async function drawPng(content: string, { size, logo }: Drawing): Promise<Buffer> {
  const plain = await toBuffer(content, {
    type: 'png',
    width: size,
    margin: 4,
    errorCorrectionLevel: logo ? 'H' : 'M',
  })
  if (logo === undefined) return plain
  const side = Math.round(size * logoShare)
  return sharp(plain)
    .composite([{ input: await logoTile(logo.picture, side), gravity: 'centre' }])
    .png()
    .toBuffer()
}

async function drawSvg(content: string, { size, logo }: Drawing): Promise<Buffer> {
  const plain = await toText(content, {
    type: 'svg',
    width: size,
    margin: 4,
    errorCorrectionLevel: logo ? 'H' : 'M',
  })
  if (logo === undefined) return Buffer.from(plain)
  const box = Number(/viewBox="0 0 (\d+)/.exec(plain)?.[1] ?? 0)
  const side = box * logoShare
  const at = (box - side) / 2
  const tile = (await logoTile(logo.picture, 240)).toString('base64')
  const image = `<image x="${at}" y="${at}" width="${side}" height="${side}" href="data:image/png;base64,${tile}"/>`
  return Buffer.from(plain.replace('</svg>', `${image}</svg>`))
}

/** The logo on a white rounded tile, so that it never runs into the modules. */
async function logoTile(logo: Uint8Array, side: number): Promise<Buffer> {
  const frame = Math.max(2, Math.round(side * 0.09))
  const inner = side - 2 * frame
  const picture = await sharp(logo)
    .resize({ width: inner, height: inner, fit: 'contain', background: '#ffffff00' })
    .png()
    .toBuffer()
  const tile = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><rect width="${side}" height="${side}" rx="${side * 0.16}" fill="#fff"/></svg>`,
  )
  return sharp(tile)
    .composite([{ input: picture, gravity: 'centre' }])
    .png()
    .toBuffer()
}

/** Fetches the platform's picture of a code. It is a link to a picture, stored at once, since links end. */
export async function fetchPicture(url: string): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
  if (!response.ok) throw new Error(`the picture of a code answered ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}
