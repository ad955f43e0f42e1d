import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { allEndpoints, catalogue, findEndpoint, findEndpointByPath } from './catalogue.ts'
import type { Endpoint } from './endpoint.ts'
import samples from './endpoints/fixtures/official-calls.json' with { type: 'json' }
import { errorCatalogue } from './errors/index.ts'
import { checkRequest } from './request.ts'

const all = allEndpoints().map((one) => [`${one.group}.${one.name}`, one.endpoint] as const)
const named = (name: string): Endpoint => {
  const found = all.find(([own]) => own === name)?.[1]
  return found ?? expect.fail(`no endpoint ${name}`)
}

describe('the official pages’ samples', () => {
  // The page's sample of add_contact_way shows every field at once, of type 1 and of type 2: no call could look so.
  const requests = samples.flatMap((sample) =>
    'request' in sample ? [[sample.endpoint, sample.request] as const] : [],
  )
  const responses = samples.flatMap((sample) =>
    'response' in sample ? [[sample.endpoint, sample.response] as const] : [],
  )

  test.each(requests)('a request of %s is accepted', (name, request) => {
    expect(checkRequest(named(name), request)).toMatchObject({ ok: true })
  })

  test.each(responses)('an answer of %s is read, and nothing in it is lost', (name, response) => {
    const parsed = named(name).response.parse(response)
    const { errcode, errmsg, ...said } = response as Record<string, unknown>
    expect([errcode ?? 0, typeof errmsg]).toEqual([0, 'string'])
    // The one value that is text on the page and a number for us.
    if (name === 'media.upload') said.created_at = Number(said.created_at)
    expect(parsed).toMatchObject(said)
  })

  test('stand for every endpoint that has one on its page', () => {
    const shown = new Set(samples.map((sample) => sample.endpoint))
    expect(all.map(([name]) => name).filter((name) => !shown.has(name))).toEqual(['media.uploadImage'])
  })
})

describe('every endpoint', () => {
  test.each(all)('%s names its page, its credential and codes that are explained', (_name, endpoint) => {
    expect(endpoint.path).toMatch(/^\/cgi-bin\/[a-z0-9_/]+$/)
    expect(endpoint.doc).toBeGreaterThan(90_000)
    expect(endpoint.credential.length).toBeGreaterThan(0)
    expect(endpoint.errors.filter((code) => errorCatalogue[code] === undefined)).toEqual([])
    expect(new Set(endpoint.errors).size).toBe(endpoint.errors.length)
  })

  test('is found by its route, and only by it', () => {
    for (const [, endpoint] of all) expect(findEndpoint(endpoint.method, endpoint.path)?.endpoint).toBe(endpoint)
    expect(findEndpoint('GET', catalogue.welcome.send.path)).toBeUndefined()
    expect(findEndpointByPath(catalogue.welcome.send.path)?.name).toBe('send')
    expect(findEndpoint('GET', '/cgi-bin/nothing')).toBeUndefined()
    expect(new Set(all.map(([, endpoint]) => endpoint.path)).size).toBe(all.length)
  })

  test('that reads may be repeated, and a GET that spends its code may not', () => {
    for (const [name, endpoint] of all) {
      if (endpoint.method === 'GET')
        expect([name, endpoint.repeat]).toEqual([
          name,
          /^(oauth.getUserInfo|miniprogram.code2Session)$/.test(name) ? 'never' : 'safe',
        ])
      if (/\.(add|create)$/.test(name)) expect([name, endpoint.repeat]).toEqual([name, 'never'])
    }
  })
})

test('no declaration holds a platform number: bounds name their limit', () => {
  const folder = new URL('./endpoints/', import.meta.url)
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
    const source = readFileSync(new URL(file, folder), 'utf8')
    expect([file, source.match(/\.(max|length|lte?)\(\d+/g)]).toEqual([file, null])
  }
})
