import { ConnectorFault, connector } from '../connector.ts'
import { factMapping, mapFacts } from '../mapped.ts'
import { checkSignature } from '../signature.ts'

/** Any system that can post JSON: which value fills which field is set on the page. */
export const webhook = connector({
  kind: 'webhook',
  name: { zh: '通用 Webhook', en: 'Generic webhook' },
  config: factMapping,
  async receive(mapping, received) {
    checkSignature({ ...received, now: received.machineNow }, 'x-nuanyu')
    return { [mapping.kind]: mapFacts(mapping, parsed(received.body)) }
  },
})

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw new ConnectorFault({ zh: '收到的内容不是 JSON。', en: 'What was posted is no JSON.' }, cause)
  }
}
