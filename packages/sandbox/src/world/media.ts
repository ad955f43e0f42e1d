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

/** Bodies as base64. */
export interface MediaState {
  readonly media: readonly (Omit<Medium, 'body'> & { readonly body: string })[]
  readonly pictures: readonly (Omit<Picture, 'body'> & { readonly body: string })[]
}

export interface MediaStore {
  readonly media: Map<string, Medium>
  readonly pictures: Map<string, Picture>
  keep(medium: Medium): void
  dump(): MediaState
  load(state: MediaState): void
}

const KEPT_MEDIA = 20_000
const KEPT_BYTES = 256 * 1024 * 1024
/** Of the media, the newest so many bytes survive a restart. */
const DUMPED_BYTES = 16 * 1024 * 1024

export function createMediaStore(): MediaStore {
  const media = new Map<string, Medium>()
  let bytes = 0
  const pictures = new Map<string, Picture>()
  const text = <T extends { body: Buffer }>(thing: T) => ({ ...thing, body: thing.body.toString('base64') })
  const store: MediaStore = {
    media,
    pictures,
    keep(medium) {
      media.set(medium.mediaId, medium)
      bytes += medium.body.length
      for (const [id, oldest] of media) {
        if (media.size <= KEPT_MEDIA && bytes <= KEPT_BYTES) break
        media.delete(id)
        bytes -= oldest.body.length
      }
    },
    dump() {
      const newest: Medium[] = []
      let size = 0
      for (const medium of [...media.values()].reverse()) {
        size += medium.body.length
        if (size > DUMPED_BYTES) break
        newest.unshift(medium)
      }
      return { media: newest.map(text), pictures: [...pictures.values()].map(text) }
    },
    load(state) {
      for (const { body, ...medium } of state.media) store.keep({ ...medium, body: Buffer.from(body, 'base64') })
      for (const { body, ...picture } of state.pictures) {
        pictures.set(picture.id, { ...picture, body: Buffer.from(body, 'base64') })
      }
    },
  }
  return store
}
