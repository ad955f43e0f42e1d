import { formatWeixinEvent, OpenId, parseWeixinEvent } from '@nuanyu/wecom'
import { expect, it } from 'vitest'
import { touchesOfTemplates } from './consents.ts'

it('a template message that arrived is a touch of service, of whom it went to; one that did not is none', () => {
  const sent = (openId: string, messageId: string, status: string) =>
    parseWeixinEvent(
      formatWeixinEvent({
        ...{ kind: 'oa.template_sent', accountId: 'gh_1', openId: OpenId.parse(openId), createTime: 1_700_000_000 },
        ...{ messageId, status },
      }),
    )
  const events = [sent('o1', '7', 'success'), sent('o1', '8', 'failed:user block'), sent('o2', '9', 'success')]
  expect(touchesOfTemplates(1, 'a', events, new Map([['o1', 5]]))).toEqual([
    {
      ...{ customerId: 5, at: new Date(1_700_000_000_000), effect: 'template:a:7', corpId: 1 },
      ...{ channel: 'official_account', kind: 'service' },
    },
  ])
})
