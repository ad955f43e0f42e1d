import type { z } from 'zod'
import { AppError, notFound } from '../../../infra/errors.ts'

export const noSuchConnector = () => notFound({ zh: '连接器', en: 'connector' })

export function changedMeanwhile(): AppError {
  return new AppError(
    'conflict',
    { zh: '别人刚刚改了这个连接器。', en: 'Somebody changed this connector meanwhile.' },
    { hint: { zh: '请刷新页面，在最新版本上修改。', en: 'Reload the page and edit the latest version.' } },
  )
}

export function wrongConfig(error: z.ZodError): AppError {
  return new AppError(
    'invalid_request',
    { zh: '连接器的设置不完整。', en: 'The settings of the connector do not fit.' },
    {
      hint: { zh: '请按提示修改后再保存。', en: 'Correct the fields listed and save again.' },
      details: { fields: error.issues.map((issue) => ({ field: issue.path.join('.'), problem: issue.message })) },
      cause: error,
    },
  )
}

export function cannotReplay(): AppError {
  return new AppError(
    'rule',
    {
      zh: '这种连接器只接收对方推送，没有可回放的来源。',
      en: 'This connector is only told: there is nothing to read again.',
    },
    {
      hint: {
        zh: '请让对方系统重新推送；重复的内容不会重复入库。',
        en: 'Have the other system post again; what is known is not taken twice.',
      },
    },
  )
}

export function unsigned(): AppError {
  return new AppError(
    'invalid_request',
    { zh: '签名不对或已过期。', en: 'The signature is wrong or too old.' },
    {
      hint: {
        zh: '请核对密钥，以及 时间戳.正文 的 HMAC-SHA256。',
        en: 'Check the secret, and the HMAC-SHA256 of timestamp.body.',
      },
    },
  )
}

export function unreadable(said: { zh: string; en: string }): AppError {
  return new AppError('invalid_request', said, {
    hint: { zh: '请对照连接器的字段映射。', en: 'Compare it with the mapping of the connector.' },
  })
}

export function tooLarge(): never {
  throw new AppError(
    'too_large',
    { zh: '一次推送超过 2 MB。', en: 'It is larger than 2 MB.' },
    { hint: { zh: '请分几次推送。', en: 'Post it in parts.' } },
  )
}
