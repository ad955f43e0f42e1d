import { describe, expect, it } from 'vitest'
import { newSpec, newVariant } from '../spec.rules.ts'
import { byAudience, byTags, isByTags, sortOf } from './moment.rules.ts'

describe('what a Moment is seen by', () => {
  const spec = newSpec('moment')

  it('tags take out what the platform cannot do by them, and one content is left', () => {
    const given = {
      ...spec,
      whom: { audience: 'a' },
      exclusions: [{ name: '三天内已联系', whom: null }],
      senders: { set: 's', most: 40 },
      variants: ['A', 'B'].map((name) => ({ ...newVariant(name, { text: name, attachments: [] }), share: 50 })),
    }
    const tagged = { ...given, ...byTags(given, ['et1']) }
    expect(tagged).toMatchObject({
      ...{ moment: { tags: ['et1'] }, whom: null, exclusions: [], holdout_permille: 0, canary: null },
      ...{ senders: { set: 's', most: null }, variants: [{ name: 'A', share: 100 }] },
    })
    expect([isByTags(given), isByTags(tagged)]).toEqual([false, true])
  })

  it('an audience brings the holdout and the first part back, and leaves them as they were set otherwise', () => {
    const tagged = { ...spec, ...byTags(spec, ['et1']) }
    expect({ ...tagged, ...byAudience(tagged) }).toMatchObject({
      ...{ moment: { tags: [] }, holdout_permille: spec.holdout_permille, canary: spec.canary },
    })
    expect(byAudience({ ...spec, holdout_permille: 120 })).toEqual({ moment: { tags: [] } })
  })

  it('the first attachment says which sort it shows; one that Moments do not take is none', () => {
    expect(sortOf({ attachments: [] })).toBe('none')
    expect(sortOf({ attachments: [{ kind: 'image', asset_id: 'x' }] })).toBe('image')
    expect(sortOf({ attachments: [{ kind: 'file', asset_id: 'x' }] })).toBe('none')
  })
})
