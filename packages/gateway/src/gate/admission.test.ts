import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { SharedBlocks } from '../lanes/blocks.ts'
import { SharedCounters } from '../lanes/counters.ts'
import { SharedLimits } from '../lanes/limits.ts'
import { Admission, type AdmissionOptions, type Ticket } from './admission.ts'

const WIDE = { perSecond: 1e5, burst: 1e5 }
const options = (parts: Partial<AdmissionOptions> = {}): AdmissionOptions => ({
  connections: 100,
  handshakes: 100,
  rate: WIDE,
  addressRate: WIDE,
  addressConnections: 0,
  ...parts,
})
let limits: SharedLimits
let counters: SharedCounters

beforeEach(() => {
  limits = new SharedLimits(1024, 5)
  counters = new SharedCounters(1024, 2)
})

const make = (parts: Partial<AdmissionOptions> = {}, worker = 0) =>
  new Admission(options(parts), limits, counters, new SharedBlocks(8, [1, 2, 3, 4]), worker)
const open = () => counters.connections(0, 0)
const shaking = () => counters.handshakes(0, 0)

function admitted(admission: Admission, address = '192.0.2.1', now = 1_000): Ticket {
  const ticket = admission.admit(address, now)
  if (typeof ticket === 'string') throw new Error(ticket)
  return ticket
}

describe('a limit', () => {
  test.each([
    ['connection_limit', { connections: 2 }],
    ['handshake_limit', { handshakes: 2 }],
    ['address_limit', { addressConnections: 2 }],
    ['connection_rate', { rate: { perSecond: 1, burst: 2 } }],
    ['address_rate', { addressRate: { perSecond: 1, burst: 2 } }],
  ] as const)('%s turns the third away and keeps nothing of it', (code, parts) => {
    const admission = make(parts)
    const tickets = [admitted(admission), admitted(admission)]
    for (let i = 0; i < 5; i++) expect(admission.admit('192.0.2.1', 1_000)).toBe(code)
    expect([open(), shaking()]).toEqual([2, 2])
    for (const ticket of tickets) admission.release(ticket)
    expect([open(), shaking()]).toEqual([0, 0])
  })

  test.each(['connections', 'handshakes', 'addressConnections'] as const)(
    'on %s has room again once one is gone',
    name => {
      const admission = make({ [name]: 1 })
      const first = admitted(admission)
      expect(typeof admission.admit('192.0.2.1', 1_000)).toBe('string')
      admission.release(first)
      admitted(admission)
    },
  )

  test('on handshakes has room once one has ended well, on connections it has not', () => {
    const admission = make({ handshakes: 1, connections: 2 })
    admission.shaken(admitted(admission))
    admission.shaken(admitted(admission))
    expect(admission.admit('192.0.2.1', 1_000)).toBe('connection_limit')
  })

  test('holds over all workers', () => {
    const [one, other] = [make({ connections: 2 }, 0), make({ connections: 2 }, 1)]
    admitted(one)
    const ticket = admitted(other)
    expect(one.admit('192.0.2.9', 1_000)).toBe('connection_limit')
    expect(other.admit('192.0.2.9', 1_000)).toBe('connection_limit')
    other.release(ticket)
    admitted(one, '192.0.2.9')
  })

  test('on one address leaves others alone, and a loud one does not eat the rate of all', () => {
    const admission = make({ addressRate: { perSecond: 1, burst: 3 }, rate: { perSecond: 1, burst: 5 } })
    for (let i = 0; i < 50; i++) admission.admit('192.0.2.1', 1_000)
    admitted(admission, '192.0.2.2')
    admitted(admission, '192.0.2.3')
    expect(admission.admit('192.0.2.4', 1_000)).toBe('connection_rate')
  })

  test('that was changed counts from the next connection on', () => {
    const admission = make()
    admitted(admission)
    admission.configure(options({ connections: 1 }))
    expect(admission.admit('192.0.2.1', 1_000)).toBe('connection_limit')
    expect(open()).toBe(1)
  })
})

const step = fc.record({
  what: fc.constantFrom('admit', 'shaken', 'release'),
  which: fc.nat(30),
  address: fc.constantFrom('a', 'b', 'c'),
})

test('every place is handed back exactly once, whatever the order and however often', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), steps => {
      limits = new SharedLimits(1024, 5)
      counters = new SharedCounters(1024, 2)
      const admission = make({ connections: 6, handshakes: 4, addressConnections: 3 })
      const tickets: { ticket: Ticket; address: string; shaking: boolean; open: boolean }[] = []
      for (const { what, which, address } of steps) {
        const chosen = tickets[which]
        if (what === 'admit') {
          const live = tickets.filter(each => each.open)
          const answer = admission.admit(address, 1_000)
          const fits =
            live.length < 6 &&
            live.filter(each => each.shaking).length < 4 &&
            live.filter(each => each.address === address).length < 3
          expect(typeof answer === 'string').toBe(!fits)
          if (typeof answer !== 'string') tickets.push({ ticket: answer, address, shaking: true, open: true })
        } else if (chosen !== undefined) {
          if (what === 'release') {
            admission.release(chosen.ticket)
            chosen.open = false
          } else admission.shaken(chosen.ticket)
          chosen.shaking = false
        }
        expect(open()).toBe(tickets.filter(each => each.open).length)
        expect(shaking()).toBe(tickets.filter(each => each.shaking).length)
      }
      for (const { ticket } of tickets) admission.release(ticket)
      expect([open(), shaking()]).toEqual([0, 0])
      for (const { ticket } of tickets) expect(counters.address(ticket.slot, 0)).toBe(0)
    }),
  )
})
