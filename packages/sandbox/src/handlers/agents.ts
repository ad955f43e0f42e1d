import type { GroupHandlers } from '../http/call.ts'
import { fail } from './scope.ts'

export const agents: GroupHandlers<'agents'> = {
  get({ platform, app }, { agentid }) {
    if (agentid !== app.agentId) {
      const exists = [...platform.apps.values()].some((one) => one.agentId === agentid)
      return exists
        ? fail(301002, 'not allow operate another agent with this accesstoken')
        : fail(40056, 'invalid agentid')
    }
    const of = platform.settings.value.apps[app.appKey]
    return {
      agentid,
      name: app.name,
      square_logo_url: `${platform.address.url}/faces/app:${app.appKey}.svg`,
      description: '',
      allow_userinfos: { user: (of?.visible.users ?? []).map((userid) => ({ userid })) },
      allow_partys: { partyid: [...(of?.visible.departments ?? [])] },
      allow_tags: { tagid: [] },
      close: of?.enabled === true ? 0 : 1,
      redirect_domain: of?.redirectDomains[0] ?? '',
      report_location_flag: 0,
      isreportenter: 0,
      home_url: '',
    }
  },
}
