import {
  asProperty,
  ChainWindow,
  type Link,
  macHolds,
  readProperty,
  type Seal,
  SealView,
  sealKey,
} from '@ringwall/proof'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Identity, KeyStore } from './key-store.ts'
import { SealedDevice } from './sealed-device.ts'

const ascii = (text: string) => new TextEncoder().encode(text)
const code = (name: string) => expect.objectContaining({ code: name })
const SECRET = Uint8Array.from({ length: 32 }, (_, i) => 3 * i)
const NOW = 1_795_000_000_000

/** A store in memory, which can be out of order. */
class MemoryStore implements KeyStore {
  kept: Identity = { device: 'pump-1', secret: SECRET, epoch: 1, sequence: 0, previous: new Uint8Array(0) }
  saves = 0
  isBroken = false

  load(): Identity {
    return this.kept
  }

  save(identity: Identity): void {
    if (this.isBroken) throw new Error('the disk is full')
    this.saves++
    this.kept = structuredClone(identity)
  }
}

/** What the gateway says of a seal. */
class Receiver {
  readonly chain = new ChainWindow()
  readonly #view = new SealView()

  hears(seal: Seal, payload: string): Link {
    const text = ascii(asProperty(seal))
    expect(readProperty(text, 0, text.length, this.#view)).toBe(true)
    const key = sealKey(SECRET, 'pump-1', this.#view.epoch)
    expect(macHolds(key, this.#view, ascii('t'), ascii(payload))).toBe(true)
    const link = this.chain.judge(this.#view)
    this.chain.advance(this.#view)
    return link
  }
}

const open = (store: KeyStore, step = 8) => new SealedDevice(store, { now: () => NOW, step })

test('whatever fails and whenever, no number is used twice and the chain never forks', () => {
  const happening = fc.constantFrom('seal', 'seal', 'seal', 'seal', 'crash', 'close', 'break', 'mend', 'rotate')
  let jumps = 0
  fc.assert(
    fc.property(fc.array(happening, { minLength: 60, maxLength: 120 }), happenings => {
      const store = new MemoryStore()
      const receiver = new Receiver()
      let device = open(store)
      let crashed = false
      for (const each of happenings) {
        if (each === 'break' || each === 'mend') store.isBroken = each === 'break'
        else if (each === 'crash') {
          device = open(store)
          crashed = true
        } else if (each === 'close') {
          // What cannot be kept at the end is as a crash.
          if (attempt(() => device.close()) === null) crashed = true
          device = open(store)
        } else if (each === 'rotate') attempt(() => device.rotate(device.epoch + 1))
        else {
          const seal = attempt(() => device.seal('t', ascii('1')))
          if (seal === null) continue
          const link = receiver.hears(seal, '1')
          expect(crashed ? ['first', 'next', 'resumed'] : ['first', 'next']).toContain(link)
          if (link === 'resumed') jumps++
          crashed = false
        }
      }
    }),
    { seed: 41, numRuns: 300 },
  )
  expect(jumps).toBeGreaterThan(100)
})

/** Null where the store was out of order. */
function attempt<T>(act: () => T): T | null {
  try {
    return act()
  } catch (error) {
    expect((error as Error).message).toBe('the disk is full')
    return null
  }
}

test('a crash skips what was reserved, a restart in order skips nothing', () => {
  const store = new MemoryStore()
  const receiver = new Receiver()
  const next = () => receiver.hears(open(store).seal('t', ascii('1')), '1')
  const links = [next(), next()]
  const last = open(store)
  links.push(receiver.hears(last.seal('t', ascii('1')), '1'))
  expect(receiver.chain.last).toBe(17)
  last.close()
  links.push(next())
  expect(links).toEqual(['first', 'resumed', 'resumed', 'next'])
  expect(receiver.chain.last).toBe(18)
})

test('one write for many messages', () => {
  const store = new MemoryStore()
  const device = new SealedDevice(store, { step: 100 })
  for (let i = 0; i < 1_000; i++) device.seal('t', ascii('1'))
  expect(store.saves).toBe(10)
})

test('a new epoch survives, and none comes back', () => {
  const store = new MemoryStore()
  const device = open(store)
  device.rotate(3)
  expect(device.seal('t', ascii('1')).fields.epoch).toBe(3)
  expect(() => device.rotate(3)).toThrow(code('seal_epoch'))
  expect(open(store).epoch).toBe(3)
})

test('what is closed seals nothing', () => {
  const device = open(new MemoryStore())
  device.close()
  device.close()
  expect(() => device.seal('t', ascii('1'))).toThrow(code('device_closed'))
  expect(() => open(new MemoryStore(), 0)).toThrow(code('seal_step'))
})
