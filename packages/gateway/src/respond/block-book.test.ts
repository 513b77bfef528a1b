import { describe, expect, test } from 'vitest'
import { SharedBlocks } from '../lanes/blocks.ts'
import { BlockBook } from './block-book.ts'
import { ProtectedList } from './protected.ts'
import { parseTarget } from './target.ts'

const TERMS = { since: 0, by: 'anna', reason: 'test', forced: false }

function make(capacity = 64, named: readonly string[] = []): { book: BlockBook; table: SharedBlocks } {
  const table = new SharedBlocks(capacity, [1, 2, 3, 4])
  return { book: new BlockBook(table, new ProtectedList(named)), table }
}

const address = (i: number): string => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`

describe('a book that is full', () => {
  test('of 100,000 blocks keeps those that end last, and tells each that made room', () => {
    const { book, table } = make(65_536)
    const displaced: string[] = []
    // Those that end first lie spread among the others.
    for (let i = 0; i < 100_000; i++) {
      const until = 1_000_000 + ((i * 7_919) % 100_000) * 1_000
      const done = book.add(parseTarget(address(i)), { ...TERMS, until })
      if (done.displaced !== null) displaced.push(done.displaced.target)
    }
    expect([book.size, displaced.length, new Set(displaced).size]).toEqual([65_536, 34_464, 34_464])
    const kept = new Set(book.list().map(({ target }) => target))
    let wrong = 0
    for (let i = 0; i < 100_000; i++) if ((table.address(address(i), 2_000) !== 0) !== kept.has(address(i))) wrong++
    expect(wrong).toBe(0)
  })

  test('makes room with the one that ends first, and not for one that it has already', () => {
    const { book } = make(8)
    for (let i = 0; i < 8; i++) book.add(parseTarget(`pump-${i}`), { ...TERMS, until: 9_000 - i * 100 })
    expect(book.add(parseTarget('pump-7'), { ...TERMS, until: 10_000 }).displaced).toBeNull()
    expect(book.add(parseTarget('10.0.0.1'), { ...TERMS, until: 5_000 }).displaced?.target).toBe('pump-6')
    expect(book.add(parseTarget('10.0.0.2'), { ...TERMS, until: 6_000 }).displaced?.target).toBe('10.0.0.1')
  })
})

describe('a block', () => {
  test('that has ended is taken away, the others stay', () => {
    const { book } = make()
    book.add(parseTarget('10.0.0.1'), { ...TERMS, until: 2_000 })
    book.add(parseTarget('pump-1'), { ...TERMS, until: 3_000 })
    expect([book.sweep(1_999), book.sweep(2_000), book.sweep(2_001)]).toEqual([false, true, false])
    expect(book.list().map(({ target }) => target)).toEqual(['pump-1'])
  })

  test('of a device and of an address of the same name are two', () => {
    const { book, table } = make()
    book.add(parseTarget('10.0.0.1', true), { ...TERMS, until: 9_000 })
    expect([table.device('10.0.0.1', 2_000), table.address('10.0.0.1', 2_000)]).toEqual([9_000, 0])
    expect(book.remove(parseTarget('10.0.0.1'))).toBeUndefined()
    expect(book.remove(parseTarget('10.0.0.1', true))?.kind).toBe('device')
    expect(table.device('10.0.0.1', 2_000)).toBe(0)
  })

  test('of an IPv6 address is one of its /64', () => {
    const { book, table } = make()
    expect(book.add(parseTarget('2001:db8::7'), { ...TERMS, until: 9_000 }).block.target).toBe('2001:db8::/64')
    expect(table.address('2001:db8::1:2:3:4', 2_000)).toBe(9_000)
    expect(table.address('2001:db8:0:1::7', 2_000)).toBe(0)
  })

  test('all go with one word', () => {
    const { book, table } = make()
    for (let i = 0; i < 20; i++) book.add(parseTarget(address(i)), { ...TERMS, until: 9_000 })
    expect([book.clear(), book.size, table.address(address(3), 2_000)]).toEqual([20, 0, 0])
  })

  test('outlives a restart, but for one that has ended or is protected by now; a forced one stays', () => {
    const { book } = make()
    for (const target of ['10.0.0.1', '10.0.0.2', 'plc-1']) book.add(parseTarget(target), { ...TERMS, until: 9_000 })
    book.add(parseTarget('127.0.0.1'), { ...TERMS, until: 9_000, forced: true })
    book.add(parseTarget('pump-1'), { ...TERMS, until: 4_000 })
    const next = make(64, ['10.0.0.2', 'plc-*'])
    expect(next.book.restore(book.list(), 5_000).map(({ target }) => target)).toEqual(['10.0.0.2', 'plc-1'])
    expect(next.book.list().map(({ target }) => target)).toEqual(['10.0.0.1', '127.0.0.1'])
    expect(next.table.address('127.0.0.1', 5_000)).toBe(9_000)
  })
})

test('who becomes protected is blocked no longer, unless that was forced', () => {
  const { book, table } = make()
  for (const target of ['10.0.0.1', '10.0.0.2', 'plc-1']) book.add(parseTarget(target), { ...TERMS, until: 9_000 })
  book.add(parseTarget('10.0.0.3'), { ...TERMS, until: 9_000, forced: true })
  const lifted = book.protect(new ProtectedList(['10.0.0.2', '10.0.0.3', 'plc-*']))
  expect(lifted.map(({ target }) => target)).toEqual(['10.0.0.2', 'plc-1'])
  expect([table.address('10.0.0.2', 5_000), table.device('plc-1', 5_000)]).toEqual([0, 0])
  expect([table.address('10.0.0.1', 5_000), table.address('10.0.0.3', 5_000)]).toEqual([9_000, 9_000])
})

describe('protected', () => {
  const list = new ProtectedList(['192.0.2.7', '10.1.0.0/16', 'plc-*', 'hmi'], ['198.51.100.0/24'])

  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.0/24', '192.0.2.7'],
    ['10.1.255.1', '10.1.0.0/16'],
    ['10.0.0.0/8', '10.1.0.0/16'],
    ['198.51.100.9', '198.51.100.0/24'],
    ['127.9.9.9', '127.0.0.0/8'],
    ['::1', '::1/128'],
    ['::ffff:127.0.0.1', '127.0.0.0/8'],
    ['plc-9', 'plc-*'],
    ['hmi', 'hmi'],
  ])('is %s, by %s', (text, entry) => expect(list.protects(parseTarget(text))).toBe(entry))

  test.each(['192.0.2.8', '10.2.0.1', 'pump-1', 'hmi-2', '2001:db8::1', '::/0'])(
    'is not %s, or only its host',
    text => {
      expect(list.protects(parseTarget(text))).toBe(text === '::/0' ? '::1/128' : undefined)
    },
  )

  test('is the device whose id reads like the address', () => {
    expect(list.protects(parseTarget('192.0.2.7', true))).toBe('192.0.2.7')
  })
})

test.each(['', ' ', '-x', '10.0.0.0/33', '10.0.0.300', 'a/b', 'x'.repeat(65), '::g'])('%j is no target', text => {
  expect(() => parseTarget(text)).toThrow(/target_invalid/)
})
