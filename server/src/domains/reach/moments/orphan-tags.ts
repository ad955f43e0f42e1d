import type { PassingTag } from '../../tags/index.ts'

/** As own-tags.store.ts names the tags of a run; what anybody else puts in their group stays. */
const ours = /^朋友圈 \d+-\d+ [0-9a-f]+$/
/** A younger one may be of a Moment that is just being made. */
const youngMs = 24 * 3_600_000

/** Tags of Moments that stand for none of a run any more, although they were to go with it. */
export function orphansOf(
  standing: readonly PassingTag[],
  inUse: readonly { readonly id: string | null; readonly name: string }[],
  now: Date,
): readonly PassingTag[] {
  const used = new Set(inUse.flatMap(({ id, name }) => [id, name]))
  return standing.filter(
    ({ id, name, madeAt }) =>
      ours.test(name) && !used.has(id) && !used.has(name) && now.getTime() - madeAt.getTime() >= youngMs,
  )
}
