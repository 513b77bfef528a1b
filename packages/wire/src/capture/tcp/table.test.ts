import { expect, test } from 'vitest'
import { Random } from '../../../fuzz/random.ts'
import { ip, tcp } from '../../../test/capture/frames.ts'
import { Ear, textOf } from '../../../test/capture/hearing.ts'
import { addressesOf } from '../../../test/capture/network.ts'
import { packetOf } from '../../../test/capture/script.ts'
import { Flows } from '../flows.ts'
import { LinkType } from '../packet.ts'

const MANY = 3000

/** What the n-th client, of either version of IP, or its server says. */
function say(flows: Flows, n: number, up: boolean, flags: string, sequence: number, text = ''): void {
  const { from, to } = addressesOf(n % 2 === 0)
  from.set([n >> 8, n & 255], from.length - 2)
  const addresses = up ? { from, to } : { from: to, to: from }
  const ports = [5000 + (n % 7), 1883]
  const [source, destination] = up ? ports : ports.reverse()
  const data = new Uint8Array(Buffer.from(text))
  const segment = tcp(addresses, { source, destination, sequence, acknowledgement: 0, flags, data })
  flows.packet(packetOf(ip(addresses, segment), n, LinkType.RAW))
}

test('thousands of flows are kept apart, and both directions of each together', () => {
  const ear = new Ear()
  const flows = new Flows(ear)
  for (let n = 0; n < MANY; n++) say(flows, n, true, 'S', 1)
  const order = Array.from({ length: MANY }, (_, n) => n)
  const random = new Random(1)
  for (let i = 0; i < MANY; i++) order.push(...order.splice(random.below(MANY), 1))
  for (const n of order) say(flows, n, true, 'PA', 2, `up ${n}`)
  for (const n of order.reverse()) say(flows, n, false, 'PA', 2, `down ${n}`)
  expect(flows.size).toBe(MANY)
  const heard = ear.flows.map(({ up, down }) => [up, down].map(one => Buffer.from(textOf(one)).toString()))
  expect(heard).toEqual(Array.from({ length: MANY }, (_, n) => [`up ${n}`, `down ${n}`]))
  flows.flush()
  expect(flows.size).toBe(0)
})

test('a flow that has left is found no more, and the others still are', () => {
  const ear = new Ear()
  const flows = new Flows(ear, { maxFlows: MANY / 2 })
  for (let n = 0; n < MANY; n++) say(flows, n, true, 'S', 1)
  expect([flows.size, flows.counts.evicted]).toEqual([MANY / 2, MANY / 2])
  for (let n = MANY / 2; n < MANY; n++) say(flows, n, true, 'PA', 2, 'x')
  expect(flows.counts.flows).toBe(MANY)
  say(flows, 0, true, 'PA', 2, 'x')
  expect([flows.counts.flows, ear.flows[MANY].flow.midstream]).toEqual([MANY + 1, true])
})
