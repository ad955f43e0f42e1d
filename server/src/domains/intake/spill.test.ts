import { mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSpillFile, parseLines, type SpilledCallback } from './spill.ts'

const one = (xml: string): SpilledCallback => ({ corpId: 1, appId: 'a', receivedAt: '2026-11-11T00:00:00.000Z', xml })

async function folder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'spill-'))
}

describe('the spill file', () => {
  it('gives back everything appended, once', async () => {
    const dir = await folder()
    const spill = createSpillFile(dir, { pid: 10, isAlive: () => true, onBroken: () => undefined })
    await Promise.all([spill.append([one('<a/>')]), spill.append([one('<b/>'), one('<c/>')])])
    const got: string[] = []
    const store = async (list: readonly SpilledCallback[]) => {
      got.push(...list.map((c) => c.xml))
      return { refused: 0 }
    }
    expect(await spill.drain(store)).toBe(3)
    expect(await spill.drain(store)).toBe(0)
    expect(got.sort()).toEqual(['<a/>', '<b/>', '<c/>'])
  })

  it('keeps the file when storing fails, so that nothing is lost', async () => {
    const spill = createSpillFile(await folder(), { pid: 10, isAlive: () => true, onBroken: () => undefined })
    await spill.append([one('<a/>')])
    await expect(
      spill.drain(async () => {
        throw new Error('still away')
      }),
    ).rejects.toThrow('still away')
    const got: string[] = []
    await spill.drain(async (list) => {
      got.push(...list.map((c) => c.xml))
      return { refused: 0 }
    })
    expect(got).toEqual(['<a/>'])
  })

  it('takes over the open file of a dead process and leaves that of a living one', async () => {
    const dir = await folder()
    const alive = new Set([10, 11])
    const writer = (pid: number) =>
      createSpillFile(dir, { pid, isAlive: (p) => alive.has(p), onBroken: () => undefined })
    await writer(11).append([one('<theirs/>')])
    const mine = writer(10)
    expect(await mine.drain(async () => ({ refused: 0 }))).toBe(0)
    alive.delete(11)
    expect(await mine.drain(async () => ({ refused: 0 }))).toBe(1)
  })

  it('drops the line that a crash cut short, which was never acknowledged', () => {
    const whole = JSON.stringify(one('<a/>'))
    expect(parseLines(`${whole}\n${whole.slice(0, 20)}`)).toEqual({ callbacks: [one('<a/>')], broken: 0 })
  })

  it('loses nothing that comes after a line which a full disk cut short', async () => {
    const dir = await folder()
    await writeFile(join(dir, '10.open'), JSON.stringify(one('<cut/>')).slice(0, 30))
    const spill = createSpillFile(dir, { pid: 10, isAlive: () => true, onBroken: () => undefined })
    await spill.append([one('<a/>'), one('<b/>')])
    const got: string[] = []
    await spill.drain(async (list) => {
      got.push(...list.map((c) => c.xml))
      return { refused: 0 }
    })
    expect(got).toEqual(['<a/>', '<b/>'])
  })

  it('sets a file aside when the database refuses what it holds, and goes on with the next', async () => {
    const dir = await folder()
    await writeFile(join(dir, '98-by-1-1.spill'), `${JSON.stringify(one('<poison/>'))}\n`)
    await writeFile(join(dir, '99-by-1-1.spill'), `${JSON.stringify(one('<a/>'))}\n`)
    const spill = createSpillFile(dir, { pid: 10, isAlive: () => false, onBroken: () => undefined })
    const store = async (list: readonly SpilledCallback[]) => ({
      refused: list.filter((c) => c.xml === '<poison/>').length,
    })
    expect(await spill.drain(store)).toBe(2)
    expect(await readdir(dir)).toEqual(['98-by-1-1.spill.broken'])
  })

  it('sets a file with unreadable lines aside instead of losing it or stopping at it', async () => {
    const dir = await folder()
    await writeFile(join(dir, '99-by-1-1.spill'), `${JSON.stringify(one('<a/>'))}\n###\n`)
    const reported: number[] = []
    const spill = createSpillFile(dir, {
      pid: 10,
      isAlive: () => false,
      onBroken: (_file, lines) => reported.push(lines),
    })
    expect(await spill.drain(async () => ({ refused: 0 }))).toBe(1)
    expect(reported).toEqual([1])
    expect(await readdir(dir)).toEqual(['99-by-1-1.spill.broken'])
  })
})
