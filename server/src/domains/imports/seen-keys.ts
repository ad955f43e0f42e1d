const fewest = 1_024

/**
 * Remembers a million keys in sixteen megabytes: by 53 bits of a hash in one flat table, so that two in a billion may be
 * mistaken. A `Set` of such numbers would take some seventy.
 */
export function createSeen(): { isSeen(key: string): boolean } {
  // 0: an empty place; no hash is 0
  let places = new Float64Array(fewest)
  let taken = 0
  return {
    isSeen(key) {
      const hash = hashOf(key)
      const at = placeOf(places, hash)
      if (places[at] === hash) return true
      places[at] = hash
      taken += 1
      if (taken * 4 > places.length * 3) places = grown(places)
      return false
    },
  }
}

/** Where a hash stands, or would. */
function placeOf(places: Float64Array, hash: number): number {
  const mask = places.length - 1
  // the low bits of a number above 2^31 are lost to bitwise operators
  let at = (hash % places.length) & mask
  for (let there = places[at]; there !== 0 && there !== hash; there = places[at]) at = (at + 1) & mask
  return at
}

function grown(places: Float64Array): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(places.length * 2)
  for (const hash of places) if (hash !== 0) wider[placeOf(wider, hash)] = hash
  return wider
}

function hashOf(key: string): number {
  let high = 0x811c9dc5
  let low = 0x1b873593
  for (let at = 0; at < key.length; at += 1) {
    const code = key.charCodeAt(at)
    high = Math.imul(high ^ code, 0x01000193)
    low = Math.imul(low ^ code, 0x85ebca6b)
    low ^= low >>> 13
  }
  return (high >>> 0) * 0x200000 + (low >>> 11) || 1
}
