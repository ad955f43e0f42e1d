import type { GroupHandlers } from '../http/call.ts'

/** The sandbox calls and is called on this machine. */
export const network: GroupHandlers<'network'> = {
  getApiDomainIp: () => ({ ip_list: ['127.0.0.1', '::1'] }),
  getCallbackIp: () => ({ ip_list: ['127.0.0.*', '::1'] }),
}
