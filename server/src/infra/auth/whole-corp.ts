import { AppError, type Said } from '../errors.ts'
import type { Actor } from './actor.ts'

const ask: Said = { zh: '请由数据范围是全企业的同事来做。', en: 'Ask somebody whose data scope is the whole corp.' }

/** What concerns a whole corp is refused to whoever sees a part of it, and told `why`. Answers the actor, to go on with. */
export function wholeCorp<Who extends Pick<Actor, 'scope'>>(actor: Who, why: Said, hint: Said = ask): Who {
  if (actor.scope.kind === 'corp') return actor
  throw new AppError('forbidden', why, { hint })
}
