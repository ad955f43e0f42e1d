import { defineWords } from '#shared/i18n/words.ts'

/** Reading the customers of the platform: what was read last, and the report of differences. */
export const words = defineWords(
  'customerSync',
  {
    'sync.now': '立即同步',
    'sync.title': '同步与对账',
    'sync.last': '上次同步',
    'sync.never': '还没有同步过',
    'sync.next': '下次对账',
    'sync.customers': '客户',
    'sync.waiting': '待读取或写回 {{count}} 项',
    'sync.open': '查看对账报告',
    'sync.begun': '已开始同步，可离开本页。',
    'sync.kind.sync.first': '首次同步员工与客户',
    'sync.kind.sync.reconcile': '与企业微信对账',
    'sync.report':
      '读到 {{relations}} 条好友关系、{{members}} 名员工；补回漏掉的添加 {{found}} 个，核实已断开 {{vanished}} 个',
    'sync.kept': '{{count}} 条关系在企业微信里没有读到，数量异常，未作改动：请检查应用可见范围。',
    'sync.skipped': '{{count}} 名员工的客户没有读到（{{names}}）：请检查应用可见范围与客户联系权限。',
    'sync.runs': '最近的同步',
    'sync.differences': '对账发现的差异',
    'sync.differences.none': '没有差异：企业微信里的每一次添加，我们都收到了通知。',
    'sync.how':
      '每天凌晨 3 点自动对账：找回漏掉的添加（已过 20 秒，不能再发欢迎语），核实被员工删除的客户；客户删除过的关系不会复活。',
    'difference.found': '漏掉的添加',
    'difference.vanished': '已断开',
    'difference.kept': '未读到，保留',
    'difference.kind': '差异',
    'difference.staff': '员工',
    'difference.added': '添加时间',
    'difference.at': '发现时间',
    // ---- detail
  },
  {
    'sync.now': 'Sync now',
    'sync.title': 'Sync and reconcile',
    'sync.last': 'Last sync',
    'sync.never': 'Never synced',
    'sync.next': 'Next reconcile',
    'sync.customers': 'Customers',
    'sync.waiting': '{{count}} things still to be read or put on',
    'sync.open': 'Reconcile report',
    'sync.begun': 'The sync has begun; you may leave this page.',
    'sync.kind.sync.first': 'First sync of staff and customers',
    'sync.kind.sync.reconcile': 'Reconcile with WeCom',
    'sync.report':
      '{{relations}} relations and {{members}} members read; {{found}} missed adds found, {{vanished}} ends confirmed',
    'sync.kept':
      '{{count}} relations were not met in WeCom, too many to believe; nothing was changed. Check the app’s visible range.',
    'sync.skipped':
      'The customers of {{count}} members could not be read ({{names}}). Check the visible range and customer-contact rights.',
    'sync.runs': 'Recent syncs',
    'sync.differences': 'Differences found',
    'sync.differences.none': 'No differences: we were told of every add that WeCom knows.',
    'sync.how':
      'Every night at 3 o’clock: finds adds nobody told us of (too late for a welcome) and customers whom members deleted; what a customer ended is never revived.',
    'difference.found': 'Missed add',
    'difference.vanished': 'Ended',
    'difference.kept': 'Not met, kept',
    'difference.kind': 'Difference',
    'difference.staff': 'Staff',
    'difference.added': 'Added',
    'difference.at': 'Found',
  },
)
export type SyncWords = keyof typeof words.zh
