import type { Client, Priority } from '@nuanyu/wecom'
import type { CallSettlement, CodeRow } from '../codes/code.store.ts'
import { type Calling, remarkOf } from '../codes/code.ts'

/** Acquisition links (获客链接): a channel type whose code is an address of the platform with our parameter on it. */

/** Appends our parameter; the platform cuts it at 64 bytes, ours has at most 30 characters of ASCII. */
export function linkContent(url: string, state: string): string {
  const address = new URL(url)
  address.searchParams.set('customer_channel', state)
  return address.href
}

export async function sendLink(
  client: Client,
  priority: Priority,
  code: CodeRow,
  calling: Calling,
): Promise<CallSettlement['made']> {
  const range = { user_list: [...calling.users] }
  const common = { link_name: remarkOf(code.channelName), range, skip_verify: code.skipVerify }
  if (code.configId !== null) {
    await client.acquisitionLinks.update({ link_id: code.configId, ...common }, { priority })
    return undefined
  }
  const { link } = await client.acquisitionLinks.create(common, { priority })
  return { configId: link.link_id, url: link.url, content: linkContent(link.url, code.state) }
}
