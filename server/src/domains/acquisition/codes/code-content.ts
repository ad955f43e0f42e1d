import type { Config } from '../../../infra/config.ts'
import type { Executor } from '../../../infra/db/database.ts'
import { AppError } from '../../../infra/errors.ts'
import { pageUrl } from '../landing/landing-address.ts'
import { type Drawing, drawCode, UnreadableCode } from './code-picture.ts'

export interface Printable {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly code: string
  readonly content: string | null
  readonly logo: Drawing['logo']
}

/** What the printed code of a channel holds: its landing page, or what the platform's own picture holds. */
export async function contentOf(on: Executor, config: Config, corpId: number, channel: Printable): Promise<string> {
  if (channel.kind === 'landing') return pageUrl(on, config, corpId, channel.code)
  if (channel.content !== null) return channel.content
  throw new AppError(
    'conflict',
    {
      zh: `「${channel.name}」的二维码还在向平台申请。`,
      en: `The code of “${channel.name}” is still being made at the platform.`,
    },
    {
      hint: {
        zh: '通常几秒就好；若一直没有，看渠道详情里的原因和处理办法。',
        en: 'It usually takes seconds; if it stays away, the channel’s page says why and what to do.',
      },
    },
  )
}

/** Draws it; a drawing that cannot be read back is refused in words. */
export async function drawn(content: string, drawing: Drawing): Promise<Buffer> {
  try {
    return await drawCode(content, drawing)
  } catch (error) {
    if (!(error instanceof UnreadableCode)) throw error
    throw new AppError(
      'rule',
      {
        zh: '按这个尺寸和 Logo 画出的二维码扫不出来，已拦下，避免白印。',
        en: 'A code of this size with this logo cannot be scanned; it was held back so that nothing is printed in vain.',
      },
      {
        hint: {
          zh: '请放大尺寸，或换一个背景干净的 Logo。',
          en: 'Choose a larger size, or a logo with a plain ground.',
        },
        cause: error,
      },
    )
  }
}
