import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asProperty, readProperty } from './carriers.ts'
import { ChainWindow, type Link, WINDOW } from './chain.ts'
import { sealKey } from './keys.ts'
import { SealView } from './layout.ts'
import { type ChainState, Sealer } from './sealer.ts'

const ascii = (text: string) => new TextEncoder().encode(text)
const KEY = sealKey(new Uint8Array(32), 'pump-1', 1)

/** Seals of one device, read: message n says n, in a device's life `life`. */
function sealed(count: number, life = '', state?: ChainState): SealView[] {
  const sealer = new Sealer(KEY, 1, state)
  return Array.from({ length: count }, (_, n) => {
    const text = ascii(asProperty(sealer.seal('t', ascii(`${n}${life}`), 0)))
    const view = new SealView()
    readProperty(text, 0, text.length, view)
    return view
  })
}

/** What a receiver says of each, taking them all for known. */
function judged(chain: ChainWindow, views: readonly SealView[]): Link[] {
  return views.map(view => {
    const link = chain.judge(view)
    chain.advance(view)
    return link
  })
}

const all = sealed(100)

test('a chain in order', () => {
  const chain = new ChainWindow()
  expect(judged(chain, all)).toEqual(['first', ...new Array(99).fill('next')])
  expect(chain.last).toBe(100)
})

describe('what attackers and networks do', () => {
  const [a, b, c, d] = all
  const other = sealed(4, 'another life')
  const restored = sealed(3, 'restored', { sequence: 1, previous: a.tag.slice(0, 8) })
  const resumed = sealed(2, 'resumed', { sequence: 64, previous: new Uint8Array(0) })
  test.each([
    ['a message is suppressed', [a, b, d], ['first', 'next', 'gap']],
    ['it comes late', [a, b, d, c], ['first', 'next', 'gap', 'reorder']],
    ['the last is replayed', [a, b, b], ['first', 'next', 'replay']],
    ['an earlier one is replayed', [a, b, c, a], ['first', 'next', 'next', 'replay']],
    ['one that was late is replayed', [a, c, b, b], ['first', 'gap', 'reorder', 'replay']],
    ['one is replayed much later', [...all, a], ['first', ...new Array(99).fill('next'), 'stale']],
    ['two devices have one key', [a, b, other[1]], ['first', 'next', 'fork']],
    ['the other goes on', [a, b, other[2]], ['first', 'next', 'fork']],
    ['the other says what is missing', [a, b, d, other[2]], ['first', 'next', 'gap', 'fork']],
    ['an old backup is restored', [a, b, c, ...restored], ['first', 'next', 'next', 'fork', 'fork', 'fork']],
    ['the device crashed and jumps', [a, b, ...resumed], ['first', 'next', 'resumed', 'next']],
  ] as [string, SealView[], Link[]][])('%s', (_, views, wanted) => {
    expect(judged(new ChainWindow(), views)).toEqual(wanted)
  })
})

test('judging changes nothing', () => {
  const chain = new ChainWindow()
  judged(chain, all.slice(0, 3))
  const words = chain.words.slice()
  for (const view of all) chain.judge(view)
  expect(chain.words).toEqual(words)
})

test('in any order each is one thing only: new once, then a replay, as a set of what came says', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -10, max: 12 }), { maxLength: 80 }), steps => {
      const chain = new ChainWindow()
      const came = new Set<number>()
      let at = 50
      let last = 0
      for (const step of steps) {
        at = Math.min(100, Math.max(1, at + step))
        const link = chain.judge(all[at - 1])
        chain.advance(all[at - 1])
        if (last === 0) expect(link).toBe('first')
        else if (at > last) expect(link).toBe(at === 1 ? 'resumed' : at === last + 1 ? 'next' : 'gap')
        else if (at <= last - WINDOW) expect(link).toBe('stale')
        else expect(link).toBe(came.has(at) ? 'replay' : 'reorder')
        came.add(at)
        last = Math.max(last, at)
      }
    }),
    { seed: 32, numRuns: 500 },
  )
})

test('numbers beyond 32 bits, up to the last', () => {
  const from = Number.MAX_SAFE_INTEGER - 40
  const views = sealed(40, '', { sequence: from, previous: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) })
  const chain = new ChainWindow()
  expect(judged(chain, views)).toEqual(['first', ...new Array(39).fill('next')])
  expect(chain.last).toBe(Number.MAX_SAFE_INTEGER)
  expect(chain.judge(views[38])).toBe('replay')
})
