/**
 * Counts what happened in the last `lengthMs`, in slots. A slot leaves the count only when all of it is older, so the
 * count is never below the truth: whatever window the platform measures, it sees no more than we counted.
 */
export class SlidingWindow {
  readonly lengthMs: number
  readonly #slotMs: number
  readonly #counts: Uint16Array
  #newest = Number.NEGATIVE_INFINITY
  #total = 0

  constructor(lengthMs: number, slots: number) {
    this.lengthMs = lengthMs
    this.#slotMs = lengthMs / slots
    // One slot more than the window is long: the oldest one is only partly inside.
    this.#counts = new Uint16Array(slots + 1)
  }

  used(now: number): number {
    this.#advance(now)
    return this.#total
  }

  add(now: number): void {
    this.#advance(now)
    this.#bump(this.#newest, 1)
    this.#total += 1
  }

  /** Machine time in ms from which one more stays within `limit`; `now` when there is room already. */
  roomAt(now: number, limit: number): number {
    this.#advance(now)
    let over = this.#total - limit + 1
    if (over <= 0) return now
    if (limit < 1) return Number.POSITIVE_INFINITY
    const size = this.#counts.length
    for (let slot = this.#newest - size + 1; slot <= this.#newest; slot += 1) {
      over -= this.#at(slot)
      if (over <= 0) return (slot + size) * this.#slotMs
    }
    return now + this.lengthMs
  }

  #advance(now: number): void {
    const slot = Math.floor(now / this.#slotMs)
    if (slot <= this.#newest) return
    const size = this.#counts.length
    if (slot - this.#newest >= size) {
      this.#counts.fill(0)
      this.#total = 0
    } else {
      for (let gone = this.#newest + 1; gone <= slot; gone += 1) {
        this.#total -= this.#at(gone)
        this.#counts[this.#index(gone)] = 0
      }
    }
    this.#newest = slot
  }

  #index(slot: number): number {
    return slot % this.#counts.length
  }

  #at(slot: number): number {
    return this.#counts[this.#index(slot)] ?? 0
  }

  #bump(slot: number, by: number): void {
    this.#counts[this.#index(slot)] = this.#at(slot) + by
  }
}
