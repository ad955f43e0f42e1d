import type { UserId } from '../../ids.ts'
import { event } from '../declaration.ts'
import { csv, csvInts, fixed, group, int, list, optional, text } from '../fields.ts'

const contact = fixed('Event', 'change_contact')
const userId = text<'userId', UserId>('UserID', 'userId')
const change = (type: string) => fixed('ChangeType', type)

/** An attribute of the corp's own; `type` 0 text, 1 web. */
const attributes = list('ExtAttr', 'attributes', 'Item', [
  text('Name', 'name'),
  int('Type', 'type'),
  optional(group('Text', 'text', [text('Value', 'value')])),
  optional(group('Web', 'web', [text('Title', 'title'), text('Url', 'url')])),
])

/** Callback addresses set after 2022-08-15 get the id and the departments only. */
const profile = [
  optional(text('Name', 'name')),
  optional(csvInts('Department', 'departments')),
  optional(int('MainDepartment', 'mainDepartment')),
  optional(csvInts('IsLeaderInDept', 'isLeaderIn')),
  optional(csv('DirectLeader', 'directLeaders')),
  optional(text('Position', 'position')),
  optional(text('Mobile', 'mobile')),
  optional(text('Gender', 'gender')),
  optional(text('Email', 'email')),
  optional(text('BizMail', 'bizMail')),
  optional(int('Status', 'status')),
  optional(text('Avatar', 'avatar')),
  optional(text('Alias', 'alias')),
  optional(text('Telephone', 'telephone')),
  optional(text('Address', 'address')),
  optional(attributes),
] as const

const id = int('Id', 'id')

/** Members, departments and contacts tags (D90970, D90971, D90972); to contacts-sync, not to own-corp apps. */
export const contactEvents = [
  event('contact.user_created', 90970, [contact, change('create_user'), userId, ...profile]),
  /** Only what changed; `newUserId` when the userid itself did. */
  event('contact.user_updated', 90970, [
    contact,
    change('update_user'),
    userId,
    optional(text<'newUserId', UserId>('NewUserID', 'newUserId')),
    ...profile,
  ]),
  event('contact.user_deleted', 90970, [contact, change('delete_user'), userId]),
  event('contact.party_created', 90971, [
    contact,
    change('create_party'),
    id,
    optional(text('Name', 'name')),
    optional(int('ParentId', 'parentId')),
    optional(int('Order', 'order')),
  ]),
  event('contact.party_updated', 90971, [
    contact,
    change('update_party'),
    id,
    optional(text('Name', 'name')),
    optional(int('ParentId', 'parentId')),
  ]),
  event('contact.party_deleted', 90971, [contact, change('delete_party'), id]),
  event('contact.tag_updated', 90972, [
    contact,
    change('update_tag'),
    int('TagId', 'tagId'),
    optional(csv('AddUserItems', 'addedUsers')),
    optional(csv('DelUserItems', 'removedUsers')),
    optional(csvInts('AddPartyItems', 'addedParties')),
    optional(csvInts('DelPartyItems', 'removedParties')),
  ]),
  /** An asynchronous contacts job ended (D90240). */
  event('contact.batch_finished', 90240, [
    fixed('Event', 'batch_job_result'),
    group('BatchJob', 'job', [
      text('JobId', 'jobId'),
      text('JobType', 'jobType'),
      int('ErrCode', 'errcode'),
      text('ErrMsg', 'errmsg'),
    ]),
  ]),
] as const
