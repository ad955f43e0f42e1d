/** Larger pictures only cost time: a code that needs more pixels than this could not be scanned from paper either. */
const MAX_SIDE = 1200

/** The text of the QR code in a picture, or undefined when there is none. Throws when the file is no picture. */
export async function readQr(file: Blob): Promise<string | undefined> {
  const [{ default: jsQR }, bitmap] = await Promise.all([import('jsqr'), createImageBitmap(file)])
  const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height))
  const width = Math.max(1, Math.round(bitmap.width * scale))
  const height = Math.max(1, Math.round(bitmap.height * scale))
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (!context) return undefined
  // A code on a transparent ground would be black on black.
  context.fillStyle = '#fff'
  context.fillRect(0, 0, width, height)
  context.drawImage(bitmap, 0, 0, width, height)
  bitmap.close()
  return jsQR(context.getImageData(0, 0, width, height).data, width, height)?.data
}
