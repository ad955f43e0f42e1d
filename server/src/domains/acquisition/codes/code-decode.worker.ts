import { parentPort } from 'node:worker_threads'
import jsqr from 'jsqr'

/** Reads QR codes beside the main thread: one takes tens of milliseconds, and a welcome may be waiting there. */
interface Ask {
  readonly id: number
  readonly pixels: Uint8ClampedArray
  readonly width: number
  readonly height: number
}

// jsqr is CommonJS with an ES default inside
const read = (typeof jsqr === 'function' ? jsqr : (jsqr as { default: unknown }).default) as (
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
) => { data: string } | null

parentPort?.on('message', ({ id, pixels, width, height }: Ask) => {
  parentPort?.postMessage({ id, content: read(pixels, width, height)?.data ?? null })
})
