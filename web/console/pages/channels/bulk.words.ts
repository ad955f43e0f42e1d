import { defineWords } from '#shared/i18n/words.ts'

/** Codes for many stores at once. */
export const words = defineWords(
  'channel-bulk',
  {
    'bulk.title': '批量建门店码',
    'bulk.text':
      '上传一张表，每行一家门店，一次最多 20,000 行。同一门店编码再次上传不会重复创建；有问题的行会列出原因，不影响其他行。',
    'bulk.template': '下载模板',
    'bulk.choose': '选择 CSV 文件',
    'bulk.group': '放进分组',
    'bulk.start': '开始创建',
    'bulk.job': '批量建门店码',
    'bulk.result': '新建 {{made}} 个，已有 {{already}} 个，{{errors}} 行有问题',
    'bulk.print': '打印这组码',
    'bulk.pictures': '下载全部图片与清单',
    'bulk.kind': '码的类型',
  },
  {
    'bulk.title': 'Store codes from a table',
    'bulk.text':
      'One row a store, at most 20,000 rows. The same store code again makes nothing twice; wrong rows are listed with the reason and hold nobody up.',
    'bulk.template': 'Download the template',
    'bulk.choose': 'Choose a CSV file',
    'bulk.group': 'Into the group',
    'bulk.start': 'Begin',
    'bulk.job': 'Store codes from a table',
    'bulk.result': '{{made}} made, {{already}} were there, {{errors}} rows with problems',
    'bulk.print': 'Print this group',
    'bulk.pictures': 'Download all pictures and the list',
    'bulk.kind': 'Type of the codes',
  },
)
