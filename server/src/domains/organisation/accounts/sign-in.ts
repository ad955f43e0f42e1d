import type { Verdict } from '../../../infra/auth/lockout.ts'
import { AppError, type Said } from '../../../infra/errors.ts'

const minutes = (seconds: number): Said =>
  seconds < 90
    ? { zh: `${seconds} 秒`, en: `${seconds} seconds` }
    : { zh: `${Math.ceil(seconds / 60)} 分钟`, en: `${Math.ceil(seconds / 60)} minutes` }

/** Too many failures: when to come back, and the way in that is still open. */
export function lockedOut(retryAfterS: number): AppError {
  const wait = minutes(retryAfterS)
  return new AppError(
    'too_many',
    { zh: `登录失败次数过多，已暂时锁定。`, en: 'Too many failed log-ins; it is locked for now.' },
    {
      hint: {
        zh: `请在 ${wait.zh}后再试；已关联企业微信的账号可以改用扫码登录；忘记密码请由管理员重设。`,
        en: `Try again in ${wait.en}; an account linked to WeCom can log in by scan; an administrator can set a new password.`,
      },
      details: { retry_after_s: retryAfterS },
    },
  )
}

/** The same words whether the name exists or not; how many tries are left is counted for names that do not exist too. */
export function wrongPassword(verdict: Verdict & { allowed: true }): AppError {
  const lock = minutes(verdict.locksForS)
  const hint: Said =
    verdict.left === 0
      ? { zh: `已锁定 ${lock.zh}，之后可再试。`, en: `It is locked for ${lock.en}; try again afterwards.` }
      : {
          zh: `请检查大小写和输入法；再错 ${verdict.left} 次将锁定 ${lock.zh}。`,
          en: `Check capitals and the input method; ${verdict.left} more failures lock it for ${lock.en}.`,
        }
  return new AppError(
    'unauthenticated',
    { zh: '用户名或密码不对。', en: 'The user name or the password is wrong.' },
    { hint, details: { left: verdict.left } },
  )
}

export function accountDisabled(): AppError {
  return new AppError(
    'forbidden',
    { zh: '这个账号已被停用。', en: 'This account has been disabled.' },
    { hint: { zh: '请联系管理员在「角色权限」里启用。', en: 'Ask an administrator to enable it on the page Roles.' } },
  )
}

/** Where to go after a log-in: a path of our own, never another site. */
export function ownPath(wanted: string | undefined): string {
  if (wanted === undefined || !/^\/(?![/\\])[^\\\s]*$/.test(wanted) || wanted.startsWith('/api/')) return '/'
  return wanted
}
