import type { Language } from '#shared/i18n/i18n.ts'

/** One place to go. `pinyin` is what Ctrl-K matches beside the names, whole syllables or first letters. */
export interface MenuEntry<Id extends string = string> {
  id: Id
  zh: string
  en: string
  pinyin: string
}

export interface MenuGroup<Id extends string = string> {
  id: string
  zh: string
  en: string
  entries: MenuEntry<Id>[]
}

function entry<const Id extends string>(id: Id, zh: string, en: string, pinyin: string): MenuEntry<Id> {
  return { id, zh, en, pinyin }
}

function group<Id extends string>(id: string, zh: string, en: string, entries: MenuEntry<Id>[]): MenuGroup<Id> {
  return { id, zh, en, entries }
}

/** The whole tree of the product in its final order; the frame shows the entries that a page is registered for. */
const tree = [
  group('home', '首页', 'Home', [
    entry('today', '今日工作台', 'Today', 'jin ri gong zuo tai'),
    entry('todo', '待办与审批', 'To-do & approvals', 'dai ban yu shen pi'),
    entry('calendar', '运营日历', 'Calendar', 'yun ying ri li'),
    entry('notices', '消息中心', 'Notices', 'xiao xi zhong xin'),
  ]),
  group('acquisition', '引流获客', 'Acquisition', [
    entry('channels', '渠道活码', 'Channel live codes', 'qu dao huo ma'),
    entry('store-codes', '门店活码', 'Store codes', 'men dian huo ma'),
    entry('staff-cards', '员工名片码', 'Staff cards', 'yuan gong ming pian ma'),
    entry('links', '获客链接', 'Acquisition links', 'huo ke lian jie'),
    entry('group-codes', '群活码', 'Group live codes', 'qun huo ma'),
    entry('add-tasks', '加粉任务', 'Add-by-phone tasks', 'jia fen ren wu'),
    entry('welcome', '好友欢迎语', 'Welcome messages', 'hao you huan ying yu'),
    entry('routing', '分流与排班', 'Routing & rota', 'fen liu yu pai ban'),
    entry('channel-cost', '渠道与投放', 'Channels & cost', 'qu dao yu tou fang'),
  ]),
  group('customers', '客户', 'Customers', [
    entry('customer-list', '客户列表', 'Customer list', 'ke hu lie biao'),
    entry('segments', '客户分群', 'Audiences', 'ke hu fen qun'),
    entry('tags', '标签管理', 'Tags', 'biao qian guan li'),
    entry('life-cycle', '生命周期', 'Life-cycle', 'sheng ming zhou qi'),
    entry('rfm', 'RFM 价值分层', 'RFM tiers', 'jia zhi fen ceng'),
    entry('fields', '自定义字段', 'Fields', 'zi ding yi zi duan'),
    entry('duplicates', '重复与合并', 'Duplicates & merge', 'chong fu yu he bing'),
    entry('lost', '流失客户', 'Lost customers', 'liu shi ke hu'),
    entry('transfer', '在职/离职继承', 'Transfer', 'zai zhi li zhi ji cheng'),
    entry('pool', '公海', 'Public pool', 'gong hai'),
    entry('block-list', '黑名单', 'Block list', 'hei ming dan'),
    entry('preferences', '触达偏好', 'Preferences', 'chu da pian hao'),
  ]),
  group('groups', '客户群', 'Groups', [
    entry('group-list', '群列表', 'Group list', 'qun lie biao'),
    entry('group-tags', '群标签', 'Group tags', 'qun biao qian'),
    entry('group-templates', '群模板', 'Templates', 'qun mu ban'),
    entry('group-invite', '标签建群', 'Invite by tag', 'biao qian jian qun'),
    entry('group-welcome', '入群欢迎语', 'Group welcome', 'ru qun huan ying yu'),
    entry('keyword-reply', '关键词回复', 'Keyword reply', 'guan jian ci hui fu'),
    entry('anti-harassment', '防骚扰', 'Anti-harassment', 'fang sao rao'),
    entry('group-dedupe', '群去重', 'De-duplication', 'qun qu chong'),
    entry('group-calendar', '群日历', 'Group calendar', 'qun ri li'),
    entry('group-batch', '群批量操作', 'Batch operations', 'qun pi liang cao zuo'),
  ]),
  group('engagement', '触达营销', 'Engagement', [
    entry('mass-send', '客户群发', 'Mass send to customers', 'ke hu qun fa'),
    entry('group-mass-send', '客户群群发', 'Mass send to groups', 'ke hu qun qun fa'),
    entry('moments', '朋友圈', 'Moments', 'peng you quan'),
    entry('journeys', '旅程画布', 'Journeys', 'lv cheng hua bu'),
    entry('customer-sop', '客户SOP', 'Customer SOP', 'ke hu'),
    entry('group-sop', '群SOP', 'Group SOP', 'qun'),
    entry('care', '生日/节日关怀', 'Care', 'sheng ri jie ri guan huai'),
    entry('sender-sets', '账号组', 'Sender sets', 'zhang hao zu'),
    entry('send-settings', '群发设置', 'Send settings', 'qun fa she zhi'),
    entry('short-links', '短链与点击', 'Links and clicks', 'duan lian yu dian ji'),
    entry('app-messages', '员工消息', 'Staff messages', 'yuan gong xiao xi'),
    entry('governance', '触达治理', 'Governance', 'chu da zhi li'),
    entry('dry-run', '预演中心', 'Dry-run', 'yu yan zhong xin'),
    entry('experiments', '对照组与实验', 'Holdouts & experiments', 'dui zhao zu yu shi yan'),
  ]),
  group('campaigns', '活动', 'Campaigns', [
    entry('invite-to-win', '任务宝', 'Invite-to-win', 'ren wu bao'),
    entry('group-fission', '群裂变', 'Group fission', 'qun lie bian'),
    entry('red-packets', '红包裂变', 'Red-packet fission', 'hong bao lie bian'),
    entry('lottery', '抽奖', 'Lottery', 'chou jiang'),
    entry('sign-in', '打卡/签到', 'Sign-in', 'da ka qian dao'),
    entry('chain', '接龙', 'Chain sign-up', 'jie long'),
    entry('group-buy', '拼团', 'Group-buy', 'pin tuan'),
    entry('distribution', '分销', 'Distribution', 'fen xiao'),
    entry('coupons', '优惠券', 'Coupons', 'you hui quan'),
    entry('points-mall', '积分商城', 'Points mall', 'ji fen shang cheng'),
    entry('forms', '表单问卷', 'Forms', 'biao dan wen juan'),
    entry('leaderboard', '拉新排行榜', 'Leaderboard', 'la xin pai xing bang'),
    entry('risk', '风控与黑产', 'Risk', 'feng kong yu hei chan'),
  ]),
  group('content', '内容', 'Content', [
    entry('materials', '素材库', 'Materials', 'su cai ku'),
    entry('scripts', '话术库', 'Scripts', 'hua shu ku'),
    entry('products', '商品库', 'Products', 'shang pin ku'),
    entry('posters', '海报模板', 'Posters', 'hai bao mu ban'),
    entry('radar', '互动雷达', 'Tracked links', 'hu dong lei da'),
    entry('content-approval', '内容审批', 'Approval', 'nei rong shen pi'),
    entry('sensitive-words', '敏感词', 'Sensitive words', 'min gan ci'),
    entry('staff-home', '员工主页', 'Staff pages', 'yuan gong zhu ye'),
  ]),
  group('conversations', '会话与服务', 'Conversations', [
    entry('sidebar', '侧边栏配置', 'Sidebar', 'ce bian lan pei zhi'),
    entry('archive', '会话存档', 'Message archive', 'hui hua cun dang'),
    entry('quality', '质检', 'Quality inspection', 'zhi jian'),
    entry('timeout', '超时提醒', 'Reply time-outs', 'chao shi ti xing'),
    entry('sensitive-acts', '敏感行为', 'Sensitive acts', 'min gan xing wei'),
    entry('tickets', '工单', 'Tickets', 'gong dan'),
    entry('kf', '微信客服', 'WeChat KF', 'wei xin ke fu'),
  ]),
  group('organisation', '组织与门店', 'Organisation', [
    entry('stores', '门店', 'Stores', 'men dian'),
    entry('regions', '区域', 'Regions', 'qu yu'),
    entry('staff', '员工', 'Staff', 'yuan gong'),
    entry('seats', '席位与许可', 'Seats & licences', 'xi wei yu xu ke'),
    entry('roles', '角色权限', 'Roles', 'jue se quan xian'),
    entry('tasks', '任务下发', 'Tasks', 'ren wu xia fa'),
    entry('kpi', '绩效考核', 'KPI', 'ji xiao kao he'),
    entry('ranking', '排行榜', 'Ranking', 'pai xing bang'),
    entry('agencies', '代运营授权', 'Agencies', 'dai yun ying shou quan'),
  ]),
  group('commerce', '订单与会员', 'Commerce', [
    entry('orders', '订单', 'Orders', 'ding dan'),
    entry('members', '会员与积分', 'Members & points', 'hui yuan yu ji fen'),
    entry('connectors', '连接器', 'Connectors', 'lian jie qi'),
    entry('imports', '导入导出', 'Import & export', 'dao ru dao chu'),
    entry('matching', '匹配与归因', 'Matching & attribution', 'pi pei yu gui yin'),
    entry('settlement', '佣金与结算', 'Commission', 'yong jin yu jie suan'),
  ]),
  group('insights', '数据', 'Insights', [
    entry('overview', '数据总览', 'Overview', 'shu ju zong lan'),
    entry('channel-data', '渠道数据', 'Channels', 'qu dao shu ju'),
    entry('growth', '客户增长', 'Customer growth', 'ke hu zeng zhang'),
    entry('group-data', '群数据', 'Groups', 'qun shu ju'),
    entry('reach-data', '触达数据', 'Reach', 'chu da shu ju'),
    entry('service-data', '服务数据', 'Service', 'fu wu shu ju'),
    entry('staff-data', '导购业绩', 'Guide performance', 'dao gou ye ji'),
    entry('attribution', '转化归因', 'Attribution', 'zhuan hua gui yin'),
    entry('lift', '增量实验', 'Lift experiments', 'zeng liang shi yan'),
    entry('explore', '自助分析', 'Explore', 'zi zhu fen xi'),
    entry('definitions', '指标口径', 'Definitions', 'zhi biao kou jing'),
    entry('subscriptions', '报表订阅', 'Subscriptions', 'bao biao ding yue'),
  ]),
  group('settings', '设置', 'Settings', [
    entry('connect', '接入向导与体检', 'Connection & doctor', 'jie ru xiang dao yu ti jian'),
    entry('apps', '企业与应用', 'Corp & apps', 'qi ye yu ying yong'),
    entry('limits', '平台限额档案', 'Limit profile', 'ping tai xian e dang an'),
    entry('sync', '同步监控', 'Sync monitor', 'tong bu jian kong'),
    entry('callbacks', '回调日志', 'Callback log', 'hui diao ri zhi'),
    entry('status', '系统状态', 'System status', 'xi tong zhuang tai'),
    entry('open-api', '开放API/Webhook', 'Open API & webhooks', 'kai fang'),
    entry('mcp', 'MCP与AI', 'MCP & AI', 'yu'),
    entry('compliance', '合规中心', 'Compliance', 'he gui zhong xin'),
    entry('audit', '审计日志', 'Audit log', 'shen ji ri zhi'),
    entry('backup', '备份升级', 'Backup & upgrade', 'bei fen sheng ji'),
    entry('brands', '品牌与工作区', 'Brands & workspaces', 'pin pai yu gong zuo qu'),
    entry('account', '我的账号', 'My account', 'wo de zhang hao'),
  ]),
]

export type MenuId = (typeof tree)[number]['entries'][number]['id']

export const menu: readonly MenuGroup<MenuId>[] = tree

export function inLanguage(named: { zh: string; en: string }, language: Language): string {
  return language === 'en' ? named.en : named.zh
}

/** Does what a person typed name this entry: part of either name, of the pinyin, or the first letters of its syllables? */
export function matchesEntry(entry: MenuEntry, typed: string): boolean {
  const wanted = typed.trim().toLowerCase()
  if (wanted === '') return true
  const joined = entry.pinyin.replaceAll(' ', '')
  const initials = entry.pinyin
    .split(' ')
    .map((syllable) => syllable.slice(0, 1))
    .join('')
  return [entry.zh.toLowerCase(), entry.en.toLowerCase(), joined, initials].some((name) => name.includes(wanted))
}
