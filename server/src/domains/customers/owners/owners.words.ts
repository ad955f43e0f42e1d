import { AppError, type Said } from '../../../infra/errors.ts'

export const ownersForWholeCorp: Said = {
  zh: '批量设置专属涉及全企业的客户。',
  en: 'Setting owners in bulk concerns customers of the whole corp.',
}

export function notAMember(userid: string): AppError {
  return new AppError(
    'rule',
    {
      zh: `「${userid}」不是在职员工，或不在您的数据范围内。`,
      en: `“${userid}” is no present member that you may see.`,
    },
    { hint: { zh: '请从员工列表里选择。', en: 'Choose from the list of staff.' } },
  )
}

export function notAContact(userid: string): AppError {
  return new AppError(
    'rule',
    {
      zh: `「${userid}」不是这位客户的好友，不能设为专属。`,
      en: `“${userid}” does not have this customer as a contact.`,
    },
    {
      hint: {
        zh: '平台只允许好友员工发送：请先让客户添加他，或选择其他好友员工。',
        en: 'The platform lets contacts send only: let the customer add him first, or choose another contact.',
      },
    },
  )
}

export function ownedElsewhere(): AppError {
  return new AppError(
    'forbidden',
    {
      zh: '这位客户是其他门店同事的专属客户。',
      en: 'Somebody of another store is the exclusive owner of this customer.',
    },
    { hint: { zh: '请由数据范围是全企业的同事来改。', en: 'Ask somebody whose data scope is the whole corp.' } },
  )
}
