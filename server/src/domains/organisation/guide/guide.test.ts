import { describe, expect, it } from 'vitest'
import { findingWords } from '../doctor/doctor.words.ts'
import { type GuideFacts, guideSteps, ownershipProblem, stepIds, stepState } from './guide.ts'

const nothing: GuideFacts = {
  connected: false,
  contactsConnected: false,
  callbackHeard: false,
  contactsHeard: false,
  changesHeard: false,
  files: 0,
  real: true,
  findings: undefined,
  said: new Map(),
}
const states = (facts: Partial<GuideFacts>) =>
  Object.fromEntries(guideSteps.map((step) => [step.id, stepState(step, { ...nothing, ...facts })]))

describe('the guide', () => {
  it('has every step once, each in both languages', () => {
    expect(guideSteps.map((step) => step.id).toSorted()).toEqual([...stepIds].toSorted())
    for (const step of guideSteps)
      for (const said of [step.title, step.how]) expect([said.zh, said.en].every((text) => text.length > 3)).toBe(true)
  })

  it('leads every finding that a setting mends to its step', () => {
    const led = new Set(guideSteps.flatMap((step) => step.codes))
    // what is mended on this server, or by waiting, has no step in the platform's console
    const elsewhere = ['callback.dead', 'capacity.full', 'budget.blocked', 'budget.exhausting']
    expect(Object.keys(findingWords).filter((code) => !led.has(code as never) && !elsewhere.includes(code))).toEqual([])
  })

  it('is all open before a corp is connected, and done as it is seen', () => {
    expect(new Set(Object.values(states({})))).toEqual(new Set(['open']))
    const seen = states({
      connected: true,
      callbackHeard: true,
      contactsConnected: true,
      contactsHeard: true,
      changesHeard: true,
      files: 1,
      findings: new Set(),
    })
    expect(guideSteps.filter((step) => step.seen && seen[step.id] !== 'done').map((step) => step.id)).toEqual([])
    expect(guideSteps.filter((step) => !step.seen && seen[step.id] !== 'open').map((step) => step.id)).toEqual([])
  })

  it('a fault that the doctor finds wins over what anybody ticked', () => {
    const facts = { connected: true, said: new Map([['archive', 'done' as const]]) }
    expect(states({ ...facts, findings: new Set() })['archive']).toBe('done')
    expect(states({ ...facts, findings: new Set(['archive.consent']) })['archive']).toBe('problem')
  })

  it('takes the platform’s file and nothing that could be a page', () => {
    expect(ownershipProblem('WW_verify_Ab1.txt', 'Zy98\n')).toBeUndefined()
    for (const [name, content] of [
      ['index.html', 'a'],
      ['WW_verify_../x.txt', 'a'],
      ['WW_verify_a.txt', '<b>'],
      ['WW_verify_a.txt', ''],
    ] as const)
      expect(ownershipProblem(name, content)).toBeDefined()
  })
})
