import type { ChatId, ExternalUserId, TagGroupId, TagId, UserId } from '../../ids.ts'
import { event } from '../declaration.ts'
import { fixed, int, items, optional, text } from '../fields.ts'

const customer = fixed('Event', 'change_external_contact')
const userId = text<'userId', UserId>('UserID', 'userId')
const externalUserId = text<'externalUserId', ExternalUserId>('ExternalUserID', 'externalUserId')
/** `state` of the contact way or `customer_channel` of the acquisition link. */
const state = optional(text('State', 'state'))
const welcomeCode = optional(text('WelcomeCode', 'welcomeCode'))

/** Customers coming and going (D92130). */
export const customerEvents = [
  event('customer.added', 92130, [
    customer,
    fixed('ChangeType', 'add_external_contact'),
    userId,
    externalUserId,
    state,
    welcomeCode,
  ]),
  /** The customer added a member who need not confirm; the member has not confirmed yet. */
  event('customer.half_added', 92130, [
    customer,
    fixed('ChangeType', 'add_half_external_contact'),
    userId,
    externalUserId,
    state,
    welcomeCode,
  ]),
  event('customer.edited', 92130, [customer, fixed('ChangeType', 'edit_external_contact'), userId, externalUserId]),
  /** `source` is `DELETE_BY_TRANSFER` when a transfer between active members took the customer away. */
  event('customer.removed_by_member', 92130, [
    customer,
    fixed('ChangeType', 'del_external_contact'),
    userId,
    externalUserId,
    optional(text('Source', 'source')),
  ]),
  event('customer.removed_by_customer', 92130, [
    customer,
    fixed('ChangeType', 'del_follow_user'),
    userId,
    externalUserId,
  ]),
  /** `failReason` is `customer_refused` or `customer_limit_exceed`; `userId` the member who should have taken over. */
  event('customer.transfer_failed', 92130, [
    customer,
    fixed('ChangeType', 'transfer_fail'),
    text('FailReason', 'failReason'),
    userId,
    externalUserId,
  ]),
  event('customer.archive_agreed', 92005, [
    customer,
    fixed('ChangeType', 'msg_audit_approved'),
    userId,
    externalUserId,
    welcomeCode,
  ]),
] as const

const chat = fixed('Event', 'change_external_chat')
const chatId = text<'chatId', ChatId>('ChatId', 'chatId')

/** Customer groups (D92130). */
export const groupEvents = [
  event('group.created', 92130, [chat, chatId, fixed('ChangeType', 'create')]),
  /**
   * `updateDetail`: add_member, del_member, change_owner, change_name, change_notice. Members and versions come with
   * the first two; the change may be trusted only when `lastMemberVersion` is the version already known.
   */
  event('group.updated', 92130, [
    chat,
    chatId,
    fixed('ChangeType', 'update'),
    text('UpdateDetail', 'updateDetail'),
    optional(int('JoinScene', 'joinScene')),
    optional(int('QuitScene', 'quitScene')),
    optional(int('MemChangeCnt', 'memberChangeCount')),
    optional(items('MemChangeList', 'memberChanges', 'Item')),
    optional(text('LastMemVer', 'lastMemberVersion')),
    optional(text('CurMemVer', 'currentMemberVersion')),
  ]),
  event('group.dismissed', 92130, [chat, chatId, fixed('ChangeType', 'dismiss')]),
] as const

const tag = fixed('Event', 'change_external_tag')
const id = text<'id', TagId | TagGroupId>('Id', 'id')
/** `tag` or `tag_group`; deleting a group says nothing of its tags. */
const tagType = text('TagType', 'tagType')
const strategyId = optional(text('StrategyId', 'strategyId'))

/** Corp tags (D92130). */
export const tagEvents = [
  event('tag.created', 92130, [tag, id, tagType, fixed('ChangeType', 'create'), strategyId]),
  event('tag.updated', 92130, [tag, id, tagType, fixed('ChangeType', 'update'), strategyId]),
  event('tag.deleted', 92130, [tag, id, tagType, fixed('ChangeType', 'delete'), strategyId]),
  /** Without `id` all groups were put into another order. */
  event('tag.shuffled', 92130, [tag, optional(id), strategyId, fixed('ChangeType', 'shuffle')]),
] as const
