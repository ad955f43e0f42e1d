import type { Actor } from '../../infra/auth/actor.ts'
import { wholeCorp } from '../../infra/auth/whole-corp.ts'

/** A table tells of anybody: who sees a part of the corp's customers only can neither bring nor look into one. */
export const seesAll = <Who extends Pick<Actor, 'scope'>>(actor: Who): Who =>
  wholeCorp(actor, {
    zh: '你的数据范围不是全企业，不能导入，也不能查看导入。',
    en: 'Your data scope is not the whole corp: imports are beyond it.',
  })
