/** Width and height of a PNG or JPEG from its header; undefined when it holds none. */
export function sizeOfPicture(body: Buffer): { width: number; height: number } | undefined {
  if (body.toString('hex', 0, 4) === '89504e47') {
    return body.length < 24 ? undefined : { width: body.readUInt32BE(16), height: body.readUInt32BE(20) }
  }
  // JPEG: segments follow one another until one that starts a frame
  for (let at = 2; at + 9 < body.length && body[at] === 0xff; at += 2 + body.readUInt16BE(at + 2)) {
    const marker = body[at + 1] ?? 0
    const startsFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (startsFrame) return { height: body.readUInt16BE(at + 5), width: body.readUInt16BE(at + 7) }
  }
  return undefined
}

/** Seconds that an MP4 lasts by its movie header; undefined when it has none. */
export function lengthOfVideo(body: Buffer): number | undefined {
  const at = body.indexOf('mvhd', 0, 'latin1')
  if (at < 0) return undefined
  // version 1 writes its times in eight bytes
  const long = body[at + 4] === 1
  const scaleAt = at + 8 + (long ? 16 : 8)
  if (scaleAt + 12 > body.length) return undefined
  const scale = body.readUInt32BE(scaleAt)
  const duration = long ? Number(body.readBigUInt64BE(scaleAt + 4)) : body.readUInt32BE(scaleAt + 4)
  return scale === 0 ? undefined : duration / scale
}

/** Bytes of one frame of 20 ms, by the mode in its first byte (RFC 4867, 5.3: the narrow band; 8 is silence). */
const FRAME_BYTES = [13, 14, 16, 18, 20, 21, 27, 32, 6]
const FRAMES_A_SECOND = 50

/** How many seconds an AMR voice message lasts. */
export function lengthOfVoice(body: Buffer): number {
  let frames = 0
  for (let at = '#!AMR\n'.length; at < body.length; at += FRAME_BYTES[((body[at] ?? 0) >> 3) & 15] ?? 1) frames++
  return frames / FRAMES_A_SECOND
}
