/** What a handler answers instead of a response: the platform's error code with a word on what was wrong. */
export class Fail {
  readonly errcode: number
  readonly detail: string

  constructor(errcode: number, detail: string) {
    this.errcode = errcode
    this.detail = detail
  }
}

export const fail = (errcode: number, detail: string): Fail => new Fail(errcode, detail)

/** A success that is a picture instead of JSON. */
export class Drawn {
  readonly contentType: string
  readonly bytes: Uint8Array<ArrayBuffer>

  constructor(contentType: string, bytes: Uint8Array<ArrayBuffer>) {
    this.contentType = contentType
    this.bytes = bytes
  }
}

/** A response already written as the inside of a JSON object, for answers too big to build twice. */
export class Prepared {
  readonly fields: string

  constructor(fields: string) {
    this.fields = fields
  }
}
