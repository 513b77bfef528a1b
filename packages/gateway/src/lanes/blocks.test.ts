import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isInside, type Network, networkText, parseNetwork } from './address-words.ts'
import type { Watch } from './blocks.testkit.ts'
import { SharedBlocks } from './blocks.ts'

const KEY = [1, 2, 3, 4] as const
const network = (text: string): Network => {
  const read = parseNetwork(text)
  if (read === undefined) throw new Error(`${text} is no network`)
  return read
}

/** The same by a list that is looked through. */
class Reference {
  readonly networks = new Map<string, { network: Network; until: number }>()
  readonly devices = new Map<string, number>()

  address(text: string, wall: number): boolean {
    const one = network(text.includes(':') ? `${text}/128` : text)
    return [...this.networks.values()].some(each => each.until > wall && isInside(one, each.network))
  }
}

// Few addresses and short lives, so that what is asked for is often there, was there, or lies in a network.
const octet = fc.constantFrom(0, 1, 2, 130)
const four = fc.tuple(octet, octet, octet).map(parts => `10.${parts.join('.')}`)
const six = fc.tuple(octet, octet).map(([a, b]) => `2001:db8:${a}:${b}::${a}`)
const target = fc.oneof(
  four,
  six,
  fc.tuple(four, fc.integer({ min: 6, max: 32 })).map(([text, bits]) => `${text}/${bits}`),
  fc.tuple(six, fc.integer({ min: 30, max: 128 })).map(([text, bits]) => `${text}/${bits}`),
)
const device = fc.constantFrom('pump-1', 'pump-2', 'valve-7', 'a')
const step = fc.oneof(
  fc.record({ what: fc.constant('block' as const), target, seconds: fc.integer({ min: 1, max: 50 }) }),
  fc.record({ what: fc.constant('unblock' as const), target }),
  fc.record({ what: fc.constant('blockDevice' as const), device, seconds: fc.integer({ min: 1, max: 50 }) }),
  fc.record({ what: fc.constant('unblockDevice' as const), device }),
  fc.record({
    what: fc.constant('ask' as const),
    address: fc.oneof(
      four,
      six.map(text => text.split('/')[0]),
    ),
  }),
  fc.record({ what: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 20 }) }),
)

describe('the table', () => {
  test('answers as a list that is looked through, through rebuilds and from another view of it', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 200 }), steps => {
        // Small, so that the removed fill it and it is rebuilt; the steps never keep more than fits.
        const blocks = new SharedBlocks(64, KEY)
        const reader = new SharedBlocks(blocks.buffer, KEY)
        const reference = new Reference()
        let wall = 1_700_000_000_000
        for (const each of steps) {
          if (each.what === 'wait') wall += each.seconds * 1_000
          else if (each.what === 'block') {
            const known = network(each.target)
            if (reference.networks.size >= 60) continue
            blocks.block(known, wall + each.seconds * 1_000)
            reference.networks.set(networkText(known), { network: known, until: wall + each.seconds * 1_000 })
          } else if (each.what === 'unblock') {
            blocks.unblock(network(each.target))
            reference.networks.delete(networkText(network(each.target)))
          } else if (each.what === 'blockDevice') {
            blocks.blockDevice(each.device, wall + each.seconds * 1_000)
            reference.devices.set(each.device, wall + each.seconds * 1_000)
          } else if (each.what === 'unblockDevice') {
            blocks.unblockDevice(each.device)
            reference.devices.delete(each.device)
          } else expect(reader.address(each.address, wall) !== 0).toBe(reference.address(each.address, wall))
          for (const id of ['pump-1', 'a']) {
            const until = reference.devices.get(id) ?? 0
            expect(reader.device(id, wall)).toBe(until > wall ? until : 0)
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  test('is full at its capacity and still finds everything, and what is not there', () => {
    const blocks = new SharedBlocks(4_096, KEY)
    const name = (i: number) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`
    // Ten times the capacity comes and goes: the removed make way at the rebuilds.
    for (let i = 0; i < 40_960; i++) {
      blocks.block(network(name(i)), 9_000)
      if (i >= 4_096) blocks.unblock(network(name(i - 4_096)))
    }
    const found = Array.from({ length: 40_960 }, (_, i) => blocks.address(name(i), 1_000) !== 0)
    expect(found.lastIndexOf(false)).toBe(40_960 - 4_097)
    expect(found.indexOf(true)).toBe(40_960 - 4_096)
  })

  test('tells the latest end of what covers an address', () => {
    const blocks = new SharedBlocks(16, KEY)
    blocks.block(network('10.0.0.0/8'), 9_000)
    blocks.block(network('10.1.2.3'), 5_000)
    expect(blocks.address('10.1.2.3', 1_000)).toBe(9_000)
    expect(blocks.address('10.1.2.3', 9_000)).toBe(0)
    expect(blocks.address('::ffff:10.1.2.3', 1_000)).toBe(9_000)
    expect(blocks.address('11.1.2.3', 1_000)).toBe(0)
  })

  test('an IPv6 network does not cover IPv4, whatever its length', () => {
    const blocks = new SharedBlocks(16, KEY)
    blocks.block(network('::/0'), 9_000)
    expect(blocks.address('10.1.2.3', 0)).toBe(0)
    expect(blocks.address('2001:db8::1', 0)).toBe(9_000)
  })

  test('what is no address is never blocked', () => {
    const blocks = new SharedBlocks(16, KEY)
    blocks.block(network('0.0.0.0/0'), 9_000)
    for (const text of ['', 'pump-1', '1.2.3']) expect(blocks.address(text, 0)).toBe(0)
  })

  test('while it is suspended no block counts, and after that all do', () => {
    const blocks = new SharedBlocks(16, KEY)
    blocks.block(network('10.1.2.3'), 90_000)
    blocks.blockDevice('pump-1', 90_000)
    blocks.suspend(30_000)
    expect([blocks.address('10.1.2.3', 29_999), blocks.device('pump-1', 1)]).toEqual([0, 0])
    expect([blocks.address('10.1.2.3', 30_000), blocks.device('pump-1', 30_000)]).toEqual([90_000, 90_000])
    blocks.suspend(60_000)
    blocks.suspend(0)
    expect(blocks.address('10.1.2.3', 1)).toBe(90_000)
  })
})

test('a reader on another thread never misses what stands there, nor sees what does not', async () => {
  const blocks = new SharedBlocks(1_024, KEY)
  blocks.block(network('10.0.0.1'), 9_000)
  const stop = new Int32Array(new SharedArrayBuffer(8))
  const watch: Watch = { buffer: blocks.buffer, key: KEY, address: '10.0.0.1', absent: '10.0.0.2', stop }
  const worker = new Worker(new URL('./blocks.testkit.ts', import.meta.url), { workerData: watch })
  const told = once(worker, 'message')
  await once(worker, 'online')
  while (Atomics.load(stop, 1) === 0) await new Promise(resolve => setImmediate(resolve))
  // Some three hundred rebuilds, each while it looks.
  for (let i = 0; i < 300_000; i++) {
    const other = network(`11.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`)
    blocks.block(other, 9_000)
    blocks.unblock(other)
  }
  Atomics.store(stop, 0, 1)
  const [{ looks, wrong }] = await told
  expect(wrong).toBe(0)
  expect(looks).toBeGreaterThan(100)
})
