import { defineWords } from '#shared/i18n/words.ts'

/** 群发设置 and 敏感词: what a brand sets for everything that it sends. */
export const words = defineWords(
  'reach-settings',
  {
    title: '群发设置',
    purpose: '规定群发要几个人审批、顾客怎样称呼品牌、多大比例的客户长期不打扰用来对照。',
    brand: '品牌名称',
    'brand.how': '写在 {品牌} 的位置。留空则用企业名称。',
    approval: '审批',
    'approval.most': '一个人审批的上限（人）',
    'approval.most.how': '预演收件人不超过这个数时一个人同意即可，超过时要两个人。作者和提交人不能审批。',
    'approval.tiers': '总要两个人审批的价值层级',
    'approval.tiers.how': '只要会发给这些层级的客户，无论多少人都要两个人同意。',
    holdout: '全局对照组（‰）',
    'holdout.how': '每个季度按这个比例留出客户，不发任何营销消息，用来衡量全部触达的增量。改动从下个季度起看得准。',
    moments: '一位客户一个月最多看到几条企业朋友圈（未经核实）',
    'moments.how':
      '平台没有公布一位客户能看到几条企业朋友圈，这是我们自己的上限：本月看满的客户，这次不给他看。只管得到给分群看的朋友圈；按企业标签发表的由平台决定。',
    save: '保存',
    saved: '已保存，之后提交的群发按新规则审批',
    'words.title': '敏感词',
    'words.purpose': '群发内容里不能出现的词。含有这些词的群发不能通过审批。',
    'words.own': '企业自己的敏感词',
    'words.own.how': '一行一个。词后用空格隔开可写改法，例如：躺赚 请写明收益来源',
    'words.shipped': '广告法绝对化用语（内置，总是检查）',
    'words.shipped.how': '「最近」「第一时间」这样的日常说法和品牌名称里的字不算。',
    'words.saved': '已保存 {{count}} 个词',
  },
  {
    title: 'Send settings',
    purpose:
      'How many must agree to a send, what customers call the brand, and how many are left alone to compare with.',
    brand: 'Name of the brand',
    'brand.how': 'Stands where {品牌} is written. Empty: the name of the corp.',
    approval: 'Approval',
    'approval.most': 'Most recipients for one approver',
    'approval.most.how':
      'Up to so many recipients by the rehearsal one person agrees, beyond that two. Nobody judges what he wrote or submitted.',
    'approval.tiers': 'Value tiers that always need two',
    'approval.tiers.how': 'A send that reaches one of these tiers needs two, however small.',
    holdout: 'Global holdout (per mille)',
    'holdout.how':
      'So many are drawn every quarter and get no marketing at all, to measure what all of it is worth. A change reads well from the next quarter on.',
    moments: 'Moments of the corp that a customer sees in a month at most (not verified)',
    'moments.how':
      'The platform does not say how many of a corp’s Moments a customer is shown; this is our own cap: who has seen so many this month is not shown the next. It holds for Moments for an audience; by corp tags the platform decides.',
    save: 'Save',
    saved: 'Saved: what is submitted from now on is approved by it',
    'words.title': 'Sensitive words',
    'words.purpose': 'Words that no mass send may hold. One that does cannot be approved.',
    'words.own': 'The brand’s own words',
    'words.own.how': 'One a line. After a space: what to write instead.',
    'words.shipped': 'Absolute words that the Advertising Law forbids (built in, always checked)',
    'words.shipped.how': 'Everyday words that hold one of them, and the brand’s own name, do not count.',
    'words.saved': '{{count}} words saved',
  },
)
