import { WecomError } from '@nuanyu/wecom'
import type { Actor } from '../../infra/auth/actor.ts'
import { wholeCorp } from '../../infra/auth/whole-corp.ts'
import { AppError, notFound } from '../../infra/errors.ts'

/** What a person is told when a wish cannot be done, and what to do. */
export const noSuchGroup = () => notFound({ zh: '标签组', en: 'tag group' })
export const noSuchTag = () => notFound({ zh: '标签', en: 'tag' })
export const noSuchCustomer = () => notFound({ zh: '客户', en: 'customer' })

export const notConnected = () =>
  new AppError(
    'rule',
    {
      zh: '还没有接入客户联系应用，标签到不了企业微信。',
      en: 'No customer-contact app is connected, so tags cannot reach WeCom.',
    },
    { hint: { zh: '请先完成「接入向导」。', en: 'Finish the connection guide first.' } },
  )

export const notOurs = (name: string) =>
  new AppError(
    'rule',
    {
      zh: `标签组「${name}」不是由本应用创建的，企业微信只允许创建它的应用修改。`,
      en: `The tag group “${name}” was not made by our app; WeCom lets only the maker change it.`,
    },
    {
      hint: {
        zh: '请在创建它的地方修改：企业微信管理后台，或那个应用。',
        en: 'Change it where it was made: in the WeCom console, or in that app.',
      },
    },
  )

export const groupExists = (name: string) => exists(`标签组「${name}」`, `The tag group “${name}”`)
export const tagExists = (name: string) => exists(`这个组里的标签「${name}」`, `The tag “${name}” of this group`)
const exists = (zh: string, en: string) =>
  new AppError(
    'conflict',
    { zh: `${zh}已经存在。`, en: `${en} exists already.` },
    { hint: { zh: '请换一个名称。', en: 'Choose another name.' } },
  )

export const badName = (name: string, fault: 'empty' | 'long', most: number) =>
  new AppError(
    'invalid_request',
    fault === 'empty'
      ? { zh: '名称不能为空。', en: 'A name must not be empty.' }
      : { zh: `「${name}」超过 ${most} 个字。`, en: `“${name}” has more than ${most} characters.` },
    { hint: { zh: `请改成 1–${most} 个字。`, en: `Use 1 to ${most} characters.` } },
  )

export const tooMany = (after: number, most: number) =>
  new AppError(
    'rule',
    {
      zh: `这样企业会有 ${after} 个标签，企业微信最多 ${most} 个。`,
      en: `The corp would have ${after} tags; WeCom allows ${most}.`,
    },
    {
      hint: {
        zh: '请先删除不用的标签，或改用「自有标签」。',
        en: 'Delete unused tags first, or make it a tag of our own.',
      },
    },
  )

export const isMoving = (name: string) =>
  new AppError(
    'conflict',
    { zh: `标签「${name}」正在移动到另一组。`, en: `The tag “${name}” is on its way to another group.` },
    {
      hint: {
        zh: '请等移动结束，或继续、撤销那次移动。',
        en: 'Wait until it ends, or go on with that move, or undo it.',
      },
    },
  )

export const cannotMove = (zh: string, en: string) =>
  new AppError('rule', { zh, en }, { hint: { zh: '请选另一个标签组。', en: 'Choose another group.' } })

export const wholeCorpScope = (actor: Actor): Actor =>
  wholeCorp(actor, {
    zh: '标签目录属于整个企业，你的数据范围只是其中一部分。',
    en: 'Tags belong to the whole corp; you see a part of it.',
  })

export const noSuchAudience = () => notFound({ zh: '分群', en: 'audience' })

export const staticAudience = () =>
  new AppError(
    'rule',
    { zh: '静态分群的人员不再变化，标签没有可跟随的。', en: 'A static audience stays as it was: nothing to follow.' },
    {
      hint: {
        zh: '请选择定时更新或实时的分群；只想给这些人打一次标签，请用「批量打标」。',
        en: 'Choose a scheduled or live one; to tag these persons once, put the tag on them in bulk.',
      },
    },
  )

export const ruleInCircle = (tag: string, audiences: readonly string[]) =>
  new AppError(
    'rule',
    {
      zh: `分群的条件会读到标签「${tag}」自己：${audiences.map((name) => `「${name}」`).join(' → ')}。`,
      en: `The audience’s conditions come back to the tag “${tag}”: ${audiences.map((name) => `“${name}”`).join(' → ')}.`,
    },
    {
      hint: {
        zh: '换一个分群，或去掉分群里读取这个标签的条件。',
        en: 'Choose another audience, or take the condition on this tag out of it.',
      },
    },
  )

export const noAnswer = (cause: unknown) =>
  new AppError(
    'platform',
    {
      zh: '企业微信没有回答，不知道是否已经创建。',
      en: 'WeCom did not answer: whether it was made is not known.',
    },
    {
      hint: {
        zh: '请稍等再刷新：读到后会自动认领，没有创建的会在下次核对时补上。',
        en: 'Reload in a moment: what stands there is taken as ours, and what was not made is made by the next check.',
      },
      cause,
    },
  )

export const operationRuns = () =>
  new AppError(
    'conflict',
    { zh: '同类任务正在进行。', en: 'Such an operation is running.' },
    { hint: { zh: '请等它结束，或先取消它。', en: 'Wait for its end, or cancel it first.' } },
  )

export const errcodeOf = (error: unknown): number | undefined =>
  error instanceof WecomError ? error.errcode : undefined

/** 60011: another app's; 40068 too where the platform hides what is not ours. */
export const isNotOurs = (error: unknown): boolean => errcodeOf(error) === 60011
