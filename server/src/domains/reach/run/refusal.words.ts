import { explain } from '@nuanyu/wecom'
import type { Said } from '../../../infra/errors.ts'

/** What the program itself notes beside a task that came to nothing, and what a person reads of it. */
const notes: readonly (readonly [RegExp, Said])[] = [
  [
    /^nobody is left in it/,
    {
      zh: '没有可发的人了：他们后来拒收、不再是好友，或改由别人发送。',
      en: 'Nobody is left in it: they refused since, are friends no more, or others send to them.',
    },
  ],
  [
    /^files are not at the platform/,
    {
      zh: '素材还没有传到企业微信，传好后点「继续」。',
      en: 'Files are not at WeCom yet; press “Go on” when they are.',
    },
  ],
  [
    /secret was refused/,
    {
      zh: '应用的 Secret 被企业微信拒绝，暂停调用，请到接入向导更正。',
      en: 'WeCom refused the app’s Secret and calls are paused: correct it in the connection guide.',
    },
  ],
  [
    /no room within the platform's limit/,
    {
      zh: '接口调用额度暂时用完，有余量时自动再试。',
      en: 'The limit of this API is used up; it is tried again by itself.',
    },
  ],
  [
    /answer was lost|the process died|job is forgotten|no id at the platform/,
    {
      zh: '企业微信的回答丢失，不知道任务有没有建好，正在向平台查找。',
      en: 'WeCom’s answer was lost: whether it was made is being looked for.',
    },
  ],
  [
    /nobody could be marked/,
    { zh: '没有客户能贴上这个标签，没有人能看到。', en: 'No customer could be given the tag, so nobody would see it.' },
  ],
]

/**
 * In words why a task, a Moment or a run came no further, and what to do: by the platform's code where it gave one. Null where
 * `why` is one of our own keys (`absent`, `canary_deletes` …), which the page says by itself, or where nothing was refused.
 */
export function refusalWords({ why, errcode }: { why: string | null; errcode: number | null }): Said | null {
  if (why === null ? errcode === null : /^[a-z_]+$/.test(why)) return null
  const said = errcode ?? Number(/^\d{4,}/.exec(why ?? '')?.[0] ?? Number.NaN)
  if (Number.isInteger(said)) {
    const { meaning, meaningZh, remedy, remedyZh } = explain(said)
    return {
      zh: `企业微信拒绝：${meaningZh}（${said}）。${remedyZh}`,
      en: `WeCom refused: ${meaning} (${said}). ${remedy}`,
    }
  }
  const known = notes.find(([note]) => note.test(why ?? ''))
  if (known !== undefined) return known[1]
  return {
    zh: `没有连上企业微信，会自动再试：${why}`,
    en: `WeCom was not reached, it is tried again by itself: ${why}`,
  }
}
