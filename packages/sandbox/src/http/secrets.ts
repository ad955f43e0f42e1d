import type { SandboxClock } from '../clock/clock.ts'
import type { SettingsStore } from '../settings.ts'

/** Repeated wrong secrets ban the IP for an hour, for every corp behind it [90313]. */
export interface SecretGuard {
  banned(ip: string): boolean
  wrong(ip: string): void
  right(ip: string): void
}

export function createSecretGuard(clock: SandboxClock, settings: SettingsStore): SecretGuard {
  const wrongOnes = new Map<string, number>()
  const bannedUntil = new Map<string, number>()
  return {
    banned: (ip) => (bannedUntil.get(ip) ?? 0) > clock.now(),
    wrong(ip) {
      const count = (wrongOnes.get(ip) ?? 0) + 1
      wrongOnes.set(ip, count)
      if (count < settings.value.readings.wrongSecretsToBan) return
      wrongOnes.delete(ip)
      bannedUntil.set(ip, clock.now() + settings.limits.value('token.invalid_secret_ban_s') * 1000)
    },
    right: (ip) => void wrongOnes.delete(ip),
  }
}
