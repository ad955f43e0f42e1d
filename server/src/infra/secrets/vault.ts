import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Seals what must not stand in clear in the database: AES-256-GCM, version byte, nonce, tag, text. */
export interface Vault {
  seal(plain: string): Buffer
  open(sealed: Uint8Array): string
  /** A keyed fingerprint for look-ups of sealed values; the same value gives the same one. */
  blindIndex(value: string): Buffer
}

const version = 1

export function createVault(masterKey: string): Vault {
  const master = createHash('sha256').update(masterKey).digest()
  // as bytes, a key is made ready again on every use, which costs four times what it is used for
  const derive = (purpose: string) =>
    createSecretKey(Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), purpose, 32)))
  const sealing = derive('nuanyu seal v1')
  const indexing = derive('nuanyu blind index v1')
  return {
    seal(plain) {
      const nonce = nextNonce()
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce)
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), text])
    },
    open(sealed) {
      const bytes = Buffer.from(sealed)
      if (bytes[0] !== version || bytes.length < 29) throw new Error('a sealed value has an unknown form')
      const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(1, 13))
      decipher.setAuthTag(bytes.subarray(13, 29))
      return Buffer.concat([decipher.update(bytes.subarray(29)), decipher.final()]).toString('utf8')
    },
    blindIndex: (value) => createHmac('sha256', indexing).update(value).digest().subarray(0, 16),
  }
}

/** Random bytes are asked for by many at a time; each is given out once. */
let drawn = Buffer.alloc(0)
function nextNonce(): Buffer {
  if (drawn.length < 12) drawn = randomBytes(12 * 256)
  const nonce = drawn.subarray(0, 12)
  drawn = drawn.subarray(12)
  return nonce
}

/** The master key: from the environment, else from `<dataDir>/secret.key`, made at the first start (mode 600). */
export async function loadMasterKey(fromEnvironment: string | undefined, dataDir: string): Promise<string> {
  if (fromEnvironment !== undefined) return fromEnvironment
  const path = join(dataDir, 'secret.key')
  await mkdir(dataDir, { recursive: true })
  try {
    await writeFile(path, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return (await readFile(path, 'utf8')).trim()
}
