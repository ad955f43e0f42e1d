/** Absolute words that an advertisement must not use (Advertising Law, article 9 (3)), in the forms that reviewers look for. */
export const absoluteWords: readonly string[] = [
  ...['国家级', '世界级', '全国级', '宇宙级', '最', '第一', '唯一', '首个', '首选', '顶级', '顶尖', '极品', '极致'],
  ...['绝对', '绝无仅有', '独一无二', '史无前例', '前无古人', '万能', '永久', '王牌', '冠军', '之王', '霸主', '领袖'],
  ...['全网最低', '全国首发', '销量冠军', '国家领导人推荐', '国家机关专供', '特供', '专供', '免检', '驰名商标'],
  ...['100%有效', '根治', '包治百病', '零风险', '无副作用', '稳赚'],
]

/** Words of every day that hold one of them and praise nothing: the hit is no hit. */
export const innocentWords: readonly string[] = [
  ...['最近', '最后', '最终', '最初', '最多可', '最多', '最少', '最晚', '最迟', '最早', '最新活动', '最新消息'],
  ...['第一时间', '第一次', '第一步', '第一天', '第一件', '第一单', '第一批', '第一期', '第一名', '第一位'],
  ...['不绝对', '永久有效期', '唯一编号', '唯一码'],
]
