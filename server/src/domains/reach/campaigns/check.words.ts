import type { Said } from '../../../infra/errors.ts'

export type Problem =
  | 'no_goal'
  | 'event_unnamed'
  | 'no_baseline'
  | 'no_whom'
  | 'unknown_audience'
  | 'unknown_store'
  | 'bad_rule'
  | 'empty'
  | 'too_long'
  | 'too_many'
  | 'unknown_placeholder'
  | 'unfilled'
  | 'no_identity'
  | 'no_refusal'
  | 'forbidden_word'
  | 'unknown_asset'
  | 'bad_url'
  | 'shares'
  | 'same_name'
  | 'nobody_left'
  | 'window_empty'
  | 'window_quiet'
  | 'window_all_quiet'
  | 'past'
  | 'never'
  | 'outside_window'
  | 'unknown_set'
  | 'no_groups'
  | 'no_link_each'
  | 'one_for_groups'
  | 'not_for_groups'
  | 'other_kind'
  | 'not_drawn'
  | 'too_much_aside'
  | 'unknown_tag'
  | 'tags_or_whom'
  | 'one_for_tags'
  | 'not_for_tags'
  | 'too_many_chars'
  | 'one_sort'
  | 'not_in_moments'
  | 'no_cover'
  | 'one_for_members'

/** What a check finds: where in the spec, what, and by how much or by which word. */
export type Say = (field: string, problem: Problem, more?: { used?: number; limit?: number; word?: string }) => void

interface Of {
  readonly used?: number | undefined
  readonly limit?: number | undefined
  readonly word?: string | undefined
}

const words: Readonly<Record<Problem, (of: Of) => Said>> = {
  no_goal: () => ({
    zh: '没有目标就不能送审：请选择用什么衡量这次群发，以及归因窗口。',
    en: 'Without a goal it cannot be approved: choose what it is measured by, and the window.',
  }),
  event_unnamed: () => ({ zh: '请写明目标行为的名称。', en: 'Name the behaviour that is the goal.' }),
  no_baseline: () => ({
    zh: '没有填基准转化率，样本量建议会不准。',
    en: 'No baseline is given: the advice on sample sizes will be rough.',
  }),
  no_whom: () => ({ zh: '请选择发给谁。', en: 'Choose whom it goes to.' }),
  unknown_audience: () => ({
    zh: '引用的分群不存在或已删除，请重新选择。',
    en: 'It names an audience that does not exist any more: choose another.',
  }),
  unknown_store: () => ({
    zh: '引用的门店不存在或已关闭，请重新选择。',
    en: 'It names a store that does not exist any more: choose another.',
  }),
  bad_rule: () => ({
    zh: '人群条件不完整，请打开条件修改。',
    en: 'The conditions are not complete: open them and mend.',
  }),
  empty: () => ({ zh: '这里还是空的。', en: 'This is still empty.' }),
  too_long: ({ used, limit }) => ({
    zh: `有 ${used} 字节，平台最多 ${limit} 字节（一个汉字 3 字节，短链按最长计）。`,
    en: `It has ${used} bytes; the platform takes ${limit} (a Chinese character has 3, links counted at their longest).`,
  }),
  too_many: ({ used, limit }) => ({
    zh: `有 ${used} 个附件，平台最多 ${limit} 个。`,
    en: `It has ${used} attachments; the platform takes ${limit}.`,
  }),
  unknown_placeholder: ({ word }) => ({
    zh: `群发不认识占位符 ${word}：企业群发的内容对所有人相同，只能用 {品牌}、{少打扰}，以及网址里的 {员工ID}。`,
    en: `${word} is no placeholder: a mass send says the same to everybody; only {品牌}, {少打扰} and, in addresses, {员工ID} exist.`,
  }),
  unfilled: ({ word }) => ({
    zh: `还有没填写的内容 ${word}：请换成这次要说的话，或删去。`,
    en: `${word} is still to be written: put what you want to say in its place, or take it out.`,
  }),
  no_identity: () => ({
    zh: '营销消息要写明是谁发的：请写上品牌名称，或插入 {品牌}。',
    en: 'A marketing message must say who sends it: write the brand’s name, or insert {品牌}.',
  }),
  no_refusal: () => ({
    zh: '营销消息要给出拒收的办法：请插入 {少打扰}（打开后可少收或不收）。',
    en: 'A marketing message must offer a way to refuse: insert {少打扰}, the page on which one receives less.',
  }),
  forbidden_word: ({ word }) => ({
    zh: `不能使用「${word}」，请换一种说法。`,
    en: `“${word}” must not be used: say it otherwise.`,
  }),
  unknown_asset: () => ({ zh: '素材不存在，请重新上传。', en: 'The media asset does not exist: upload it again.' }),
  bad_url: () => ({ zh: '网址要以 http:// 或 https:// 开头。', en: 'An address begins with http:// or https://.' }),
  shares: ({ used }) => ({
    zh: `面向所有人的各变体比例之和是 ${used}%，应为 100%。`,
    en: `The shares of the variants for everybody add up to ${used} %, not 100 %.`,
  }),
  same_name: ({ word }) => ({ zh: `有两个变体都叫「${word}」。`, en: `Two variants are called “${word}”.` }),
  nobody_left: () => ({
    zh: '没有面向所有人的变体：不属于任何一个变体的客户收不到。',
    en: 'No variant is for everybody: customers of none of the parts get nothing.',
  }),
  window_empty: () => ({ zh: '发送时段的开始和结束相同。', en: 'The window ends when it begins.' }),
  window_quiet: ({ word }) => ({
    zh: `发送时段有一部分落在策略「${word}」的静默时段里，那时不会请员工确认。`,
    en: `A part of the window lies in the quiet hours of the policy “${word}”: members are not asked then.`,
  }),
  window_all_quiet: ({ word }) => ({
    zh: `整个发送时段都落在策略「${word}」的静默时段里，谁也不会收到。`,
    en: `The whole window lies in the quiet hours of the policy “${word}”: nobody would get it.`,
  }),
  past: () => ({ zh: '时间已经过去，请重新选择。', en: 'This time has passed: choose another.' }),
  never: () => ({ zh: '在截止日期之前没有一次会发出。', en: 'It would not go out once before its end.' }),
  outside_window: () => ({ zh: '定时的时间不在发送时段里。', en: 'The time of day lies outside the window.' }),
  unknown_set: () => ({
    zh: '发送账号组不存在，请重新选择。',
    en: 'The set of senders does not exist: choose another.',
  }),
  no_groups: () => ({ zh: '请选择发到哪些客户群。', en: 'Choose to which groups it goes.' }),
  no_link_each: () => ({
    zh: '一群一任务是为了每个群一条链接，但内容里没有链接：请加上链接，或改为每位群主一个任务。',
    en: 'A task for each group is for a link of its own, and the content has none: add one, or make one task an owner.',
  }),
  one_for_groups: () => ({
    zh: '客户群群发只有一个变体，面向所选的全部群。',
    en: 'A send to groups has one variant, for all that are chosen.',
  }),
  not_for_groups: () => ({
    zh: '客户群群发没有排除人群、对照组和灰度：群里的人要么都看到，要么都看不到。',
    en: 'A send to groups has no exclusions, holdout or canary: everybody in a group sees it, or nobody does.',
  }),
  not_drawn: () => ({
    zh: '发到群、按企业标签发表的朋友圈不能逐人随机分给其他渠道。请去掉「改用其他渠道触达」。',
    en: 'Of a send to groups, and of Moments by corp tags, nobody can be drawn for another channel. Take that part out.',
  }),
  too_much_aside: ({ used, limit }) => ({
    zh: `对照组和分给其他渠道的人合计 ${used}%，最多 ${limit}%，否则几乎没有人可发。请调小其中一个。`,
    en: `Held out and drawn for another channel come to ${used} %, at most ${limit} % may: hardly anybody would be left. Make one of them smaller.`,
  }),
  other_kind: () => ({
    zh: '这一项不属于这种群发，请去掉。',
    en: 'This belongs to another kind of send: leave it out.',
  }),
  unknown_tag: ({ word }) => ({
    zh: `企业标签 ${word} 不存在或已删除，请重新选择。`,
    en: `The corp tag ${word} does not exist any more: choose another.`,
  }),
  tags_or_whom: () => ({
    zh: '已经按企业标签选了谁能看见，不能再选人群：请二选一。',
    en: 'Corp tags already say who sees it: choose either tags or an audience.',
  }),
  one_for_tags: () => ({
    zh: '按企业标签发表的朋友圈只有一个变体：带标签的客户都看见同一条。',
    en: 'A Moment by corp tags has one variant: all who carry them see the same.',
  }),
  not_for_tags: () => ({
    zh: '按企业标签发表的朋友圈没有排除人群、对照组、灰度和每人上限：带标签的客户都能看见，一个也留不下。需要这些，请改用人群。',
    en: 'A Moment by corp tags has no exclusions, holdout, canary or most a member: all who carry them see it. For these choose an audience.',
  }),
  too_many_chars: ({ used, limit }) => ({
    zh: `有 ${used} 个字，平台最多 ${limit} 个字（短链按最长计）。`,
    en: `It has ${used} characters; the platform takes ${limit} (links counted at their longest).`,
  }),
  one_sort: () => ({
    zh: '朋友圈只能放图片，或一个视频，或一个链接，不能混放。',
    en: 'A Moment holds pictures, or one video, or one link; not several sorts.',
  }),
  not_in_moments: () => ({
    zh: '朋友圈不能放文件和小程序，只能放图片、视频或链接。',
    en: 'A Moment takes no files and no mini programs: only pictures, a video or a link.',
  }),
  no_cover: () => ({
    zh: '朋友圈的链接要有一张封面图，请上传。',
    en: 'A link in a Moment needs a cover picture: upload one.',
  }),
  one_for_members: () => ({
    zh: '朋友圈的内容对所有员工相同，不能用 {员工ID}。',
    en: 'A Moment says the same for all members: {员工ID} cannot stand in it.',
  }),
}

export function checkWords(problem: Problem, of: Of): Said {
  return words[problem](of)
}
