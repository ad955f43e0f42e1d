/** Uploaded files. Of big ones only the first bytes are kept: nobody looks at a video here. */
export interface Medium {
  readonly mediaId: string
  readonly type: 'image' | 'voice' | 'video' | 'file'
  /** `media/upload`, or `upload_attachment` for moments (1) or the product album (2). */
  readonly purpose: 'message' | 'moments' | 'album'
  readonly filename: string
  readonly contentType: string
  readonly size: number
  readonly body: Buffer
  readonly createdAtMs: number
}

/** A permanent picture of `media/uploadimg`. */
export interface Picture {
  readonly id: string
  readonly contentType: string
  readonly body: Buffer
}

export interface MediaStore {
  readonly media: Map<string, Medium>
  readonly pictures: Map<string, Picture>
  keep(medium: Medium): void
}

const KEPT_MEDIA = 20_000
const KEPT_BYTES = 256 * 1024 * 1024

export function createMediaStore(): MediaStore {
  const media = new Map<string, Medium>()
  let bytes = 0
  return {
    media,
    pictures: new Map(),
    keep(medium) {
      media.set(medium.mediaId, medium)
      bytes += medium.body.length
      for (const [id, oldest] of media) {
        if (media.size <= KEPT_MEDIA && bytes <= KEPT_BYTES) break
        media.delete(id)
        bytes -= oldest.body.length
      }
    },
  }
}
