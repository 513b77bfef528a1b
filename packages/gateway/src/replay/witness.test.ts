import { expect, test } from 'vitest'
import type { Happening } from '../evidence/happening.ts'
import { capture, connect, hex, publish, type Sent } from './capture.testkit.ts'
import { Dissector } from './dissect/packet.ts'
import type { Clockwork } from './outlet.ts'
import { Reading } from './reading.ts'
import { Replay } from './replay.ts'
import { Witness } from './witness.ts'

/** Bytes of the two packets with which a made flow ends: a record's head, IP and TCP without data. */
const FINS = 2 * (16 + 20 + 20)
const REFUSED = hex('20020004')

function seen(bytes: Uint8Array): Happening[] {
  const happenings: Happening[] = []
  const moment: Clockwork = { time: 0, packet: 0 }
  const witness = new Witness(happening => void happenings.push(happening), moment)
  const reading = new Reading<null>({
    dissector: new Dissector({ silent: true, passwords: false, limit: 0 }),
    writes: false,
    inspector: { looks: false, memory: () => null, inspect: () => [] },
    observers: [witness],
    outlets: [witness],
    moment,
    ports: new Set([1883]),
    longest: 1_000,
    buffered: 10_000,
  })
  const replay = new Replay(moment, reading, [1883], () => {})
  replay.take(bytes)
  replay.end()
  return happenings
}

/** A CONNECT of 3.1.1 of the client `a` as user `u`. */
function login(password: string): Uint8Array {
  const word = Buffer.from(password)
  return Buffer.concat([hex('10'), Buffer.from([18 + word.length]), LOGIN, Buffer.from([0, word.length]), word])
}

const LOGIN = hex('00044d51545404c2003c 000161 000175')

const tried = (password: string): { sent: Sent[] } => ({ sent: [{ up: login(password) }, { down: REFUSED }] })

test('a CONNECT and its answer have the user, and what tells passwords apart without holding them', () => {
  const happenings = seen(capture(tried('first'), tried('second'), tried('first')))
  const [connects, connacks] = (['connect', 'connack'] as const).map(kind =>
    happenings.filter(each => each.kind === kind),
  )
  expect(connects.map(({ user }) => user)).toEqual(['u', 'u', 'u'])
  expect(connacks.map(({ user, code }) => `${user} ${code}`)).toEqual(new Array(3).fill('u credentials'))
  const [first, second, again] = connects.map(({ secret }) => secret)
  expect(first).not.toBe(0)
  expect(second).not.toBe(first)
  expect(again).toBe(first)
  expect(connacks.map(({ secret }) => secret)).toEqual([first, second, again])
  expect(JSON.stringify(happenings)).not.toContain('second')
})

test('without a password there is nothing to tell apart', () => {
  const happenings = seen(capture({ sent: [{ up: connect('pump-1') }, { down: REFUSED }] }))
  expect(happenings.filter(({ secret, user }) => secret !== 0 || user !== '')).toEqual([])
})

test('a connection that is open where the capture ends has not closed', () => {
  const bytes = capture({ sent: [{ up: connect('pump-1') }, { up: publish('plant/a', '1') }] })
  expect(seen(bytes).map(({ kind }) => kind)).toEqual(['opened', 'connect', 'publish', 'closed'])
  expect(seen(bytes.subarray(0, bytes.length - FINS)).map(({ kind }) => kind)).toEqual(['opened', 'connect', 'publish'])
})
