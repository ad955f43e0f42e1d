import { hash, verify } from '@node-rs/argon2'
import type { Said } from '../errors.ts'

/** OWASP's first choice for argon2id (the library's default algorithm): 19 MiB, two passes, one lane; about 30 ms. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Node has four threads for files, names and hashes; a flood of log-ins may take two, the welcome path keeps the rest. */
const atOnce = 2
let running = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  else running += 1
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, cost))
}

let nobody: Promise<string> | undefined

/** Compares; without a hash (no such account, or one without a password) it does the same work and says no. */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  nobody ??= hashPassword('nobody has this password')
  const against = stored ?? (await nobody)
  const same = await inTurn(() => verify(against, password))
  return same && stored !== null && stored !== undefined
}

/** Printed at the start and in the README; given out with the sandbox's demo brand only, and never taken as a new one. */
export const demoPassword = 'nuanyu-demo'

export const passwordLength = { min: 10, max: 200 }

/** Why a new password is refused; undefined: it is good. Length is what counts, so no rules about kinds of characters. */
export function passwordProblem(password: string, username: string): Said | undefined {
  const length = [...password].length
  if (length < passwordLength.min)
    return {
      zh: `密码至少 ${passwordLength.min} 个字符。`,
      en: `A password has at least ${passwordLength.min} characters.`,
    }
  if (length > passwordLength.max)
    return {
      zh: `密码最多 ${passwordLength.max} 个字符。`,
      en: `A password has at most ${passwordLength.max} characters.`,
    }
  if (new Set(password.toLowerCase()).size < 5)
    return { zh: '密码里重复的字符太多。', en: 'The password repeats too few characters.' }
  if (password.toLowerCase() === demoPassword)
    return {
      zh: '这是公开的演示密码，请换一个别人不知道的。',
      en: 'This is the published demo password; choose one that nobody knows.',
    }
  if (password.toLowerCase().includes(username.toLowerCase()))
    return { zh: '密码里不能包含用户名。', en: 'The password must not contain the user name.' }
  return undefined
}
