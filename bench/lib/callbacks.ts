import { randomBytes } from 'node:crypto'
import { sealCallback } from '@nuanyu/wecom'

export interface CallbackTarget {
  readonly corpid: string
  readonly appKey: string
  readonly token: string
  readonly aesKey: string
}

/** Encrypted callbacks as a busy hour brings them: per add one edit, now and then a deletion. All different. */
export function makeCallbacks(target: CallbackTarget, count: number, run: string): { path: string; body: string }[] {
  const createTime = Math.floor(Date.now() / 1000)
  return Array.from({ length: count }, (_, i) => {
    const customer = `wm${run}${String(Math.floor(i / 2)).padStart(12, '0')}`
    const user = `staff${i % 500}`
    const change = i % 2 === 0 ? 'add_external_contact' : i % 40 === 1 ? 'del_follow_user' : 'edit_external_contact'
    const xml = `<xml><ToUserName><![CDATA[${target.corpid}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>${createTime}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_external_contact]]></Event><ChangeType><![CDATA[${change}]]></ChangeType><UserID><![CDATA[${user}]]></UserID><ExternalUserID><![CDATA[${customer}]]></ExternalUserID></xml>`
    const sealed = sealCallback({
      token: target.token,
      aesKey: target.aesKey,
      receiveId: target.corpid,
      xml,
      timestamp: String(createTime),
      nonce: randomBytes(6).toString('hex'),
    })
    const query = new URLSearchParams({ ...sealed.query })
    return { path: `/callbacks/wecom/${target.corpid}/${target.appKey}?${query}`, body: sealed.body }
  })
}
