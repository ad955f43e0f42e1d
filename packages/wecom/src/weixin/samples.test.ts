import { expect, test } from 'vitest'
import { checkRequest } from '../request.ts'
import { allWeixinEndpoints } from './catalogue.ts'
import samples from './fixtures/official-calls.json' with { type: 'json' }

const byName = new Map(allWeixinEndpoints().map(({ group, name, endpoint }) => [`${group}.${name}`, endpoint]))

test.each(samples)('the pages’ sample of $call ($what) fits its declaration', ({ call, what, value }) => {
  const endpoint = byName.get(call)
  if (endpoint === undefined) throw new Error(`there is no ${call}`)
  if (what === 'request') expect(checkRequest(endpoint, value)).toMatchObject({ ok: true })
  else expect(endpoint.response.safeParse(value)).toMatchObject({ success: true })
})
