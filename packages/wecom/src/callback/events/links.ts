import type { ExternalUserId, LinkId, UserId } from '../../ids.ts'
import { event } from '../declaration.ts'
import { fixed, int, optional, text } from '../fields.ts'

const acquisition = fixed('Event', 'customer_acquisition')
const linkId = text<'linkId', LinkId>('LinkId', 'linkId')
const state = optional(text('State', 'state'))
const userId = text<'userId', UserId>('UserID', 'userId')
const externalUserId = text<'externalUserId', ExternalUserId>('ExternalUserID', 'externalUserId')

/** Acquisition links (D97299); link events go only to the app that made the link. */
export const linkEvents = [
  event('link.balance_low', 97299, [acquisition, fixed('ChangeType', 'balance_low')]),
  event('link.balance_exhausted', 97299, [acquisition, fixed('ChangeType', 'balance_exhausted')]),
  event('link.balance_increased', 97299, [acquisition, fixed('ChangeType', 'balance_increased')]),
  /** 14, 7, 3, 2 and 1 days before; `expireTime` in seconds. */
  event('link.quota_expire_soon', 97299, [
    acquisition,
    fixed('ChangeType', 'quota_expire_soon'),
    int('ExpireTime', 'expireTime'),
    int('ExpireQuotaNum', 'expireQuota'),
  ]),
  /** None of the link's members can be added. */
  event('link.link_unavailable', 97299, [acquisition, fixed('ChangeType', 'link_unavailable'), linkId]),
  event('link.delete_link', 97299, [acquisition, fixed('ChangeType', 'delete_link'), linkId]),
  /** Only in some industries. */
  event('link.open_profile', 97299, [acquisition, fixed('ChangeType', 'open_profile'), linkId, state]),
  event('link.friend_request', 97299, [acquisition, fixed('ChangeType', 'friend_request'), linkId, state]),
  event('link.customer_start_chat', 97299, [
    acquisition,
    fixed('ChangeType', 'customer_start_chat'),
    userId,
    externalUserId,
    linkId,
  ]),
  /** The 3rd, 5th and 10th message; since 2024-12-19 without ids: `chatKey` tells more for 30 minutes (D100130). */
  event('link.message_from_customer', 97299, [
    acquisition,
    fixed('ChangeType', 'message_from_customer'),
    optional(userId),
    optional(externalUserId),
    linkId,
    optional(int('ChatSeq', 'chatSeq')),
    optional(text('ChatKey', 'chatKey')),
  ]),
  /** Those of a service provider's component (D99485) come in its envelope only; the two of its quota name no corp. */
  event('link.service_balance_low', 99485, [acquisition, fixed('ChangeType', 'service_balance_low')]),
  event('link.service_balance_exhausted', 99485, [acquisition, fixed('ChangeType', 'service_balance_exhausted')]),
  event('link.service_balance_consumed', 99485, [
    acquisition,
    fixed('ChangeType', 'service_balance_consumed'),
    linkId,
    state,
    optional(text('OnceKey', 'onceKey')),
  ]),
  /** `price` in fen, `effectiveTime` in seconds since 1970. */
  event('link.price_changed', 99485, [
    acquisition,
    fixed('ChangeType', 'change_price'),
    int('Price', 'price'),
    int('EffectiveTime', 'effectiveTime'),
  ]),
  /** The members whom an administrator lets customers be found for have changed (D92277). */
  event('link.permit_changed', 92277, [fixed('Event', 'customer_acquisition_permit_change')]),
] as const
