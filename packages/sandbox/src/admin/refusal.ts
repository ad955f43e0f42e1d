/** Why the admin interface does not do what it was asked to. */
export class Refusal extends Error {
  readonly status: 400 | 404 | 409
  readonly code: string
  readonly messageZh: string | undefined

  constructor(status: 400 | 404 | 409, code: string, message: string, messageZh?: string) {
    super(message)
    this.status = status
    this.code = code
    this.messageZh = messageZh
  }
}

export function refuse(status: 400 | 404 | 409, code: string, message: string, messageZh?: string): Refusal {
  return new Refusal(status, code, message, messageZh)
}
