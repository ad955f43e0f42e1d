import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { bytes, listOf, upTo } from '../../fields.ts'
import { OpenId } from '../ids.ts'
import { pages } from '../pages.ts'

const TagId = z.int({ error: '45159 no tag' })
const Tagging = z.object({
  openid_list: upTo('oa.user_tagging_max', OpenId, { min: 1, code: 40032 }),
  tagid: TagId,
})

/** 用户标签 of an Official Account: not WeCom's tags. They choose who sees a conditional menu. */
export const userTags = {
  create: endpoint({
    method: 'POST',
    path: '/cgi-bin/tags/create',
    doc: pages.userTags,
    request: z.object({ tag: z.object({ name: bytes('oa.user_tag_name_bytes', { min: 1, code: 45158 }) }) }),
    response: z.object({ tag: z.object({ id: z.int(), name: z.string() }) }),
    // The same name again is refused by 45157.
    repeat: 'idempotent',
    errors: [45056, 45157, 45158, 48001],
    credential: ['official'],
    limits: ['oa.user_tags_max'],
  }),
  list: endpoint({
    method: 'GET',
    path: '/cgi-bin/tags/get',
    doc: pages.userTags,
    request: z.object({}),
    response: z.object({ tags: listOf(z.object({ id: z.int(), name: z.string(), count: z.int().nonnegative() })) }),
    repeat: 'safe',
    errors: [48001],
    credential: ['official'],
  }),
  tag: endpoint({
    method: 'POST',
    path: '/cgi-bin/tags/members/batchtagging',
    doc: pages.userTags,
    request: Tagging,
    response: z.object({}),
    repeat: 'idempotent',
    errors: [40003, 40032, 45059, 45159, 48001, 49003],
    credential: ['official'],
    limits: ['oa.user_tags_on_person'],
  }),
  untag: endpoint({
    method: 'POST',
    path: '/cgi-bin/tags/members/batchuntagging',
    doc: pages.userTags,
    request: Tagging,
    response: z.object({}),
    repeat: 'idempotent',
    errors: [40003, 40032, 45159, 48001, 49003],
    credential: ['official'],
  }),
}
