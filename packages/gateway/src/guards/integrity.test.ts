import { asCose, deviceSecret, type Seal, Sealer, sealKey, sealKeyBytes } from '@ringwall/proof'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Act, AT_REST, type Lane, type Scene } from '../contract/index.ts'
import { LaneChain } from '../lanes/seal-chain.ts'
import { LaneTable } from '../lanes/table.ts'
import { Opened } from '../seals/opened.ts'
import { placePublish } from '../seals/packet.ts'
import { SealSlots } from '../seals/slots.ts'
import { integrity, type SealRules } from './integrity.ts'

const TOPIC = 'plant/pump-1/state'
const NOW = 1_795_000_000_000
const SITE = new Uint8Array(32).fill(7)
const secretOf = (device: string) => deviceSecret(SITE, 'mill-3', device)
const utf8 = new TextEncoder()

let lane: Lane
let sealer: Sealer
let slots: SealSlots
let memo: unknown[]

beforeEach(() => {
  const lanes = new LaneTable(1)
  lane = lanes.open(0, lanes.advance(0))
  sealer = new Sealer(sealKey(secretOf('pump-1'), 'pump-1', 1), 1)
  slots = new SealSlots((device, epoch) => (epoch > 2 ? null : sealKeyBytes(secretOf(device), device, epoch)), 65_536)
  memo = []
})

const RULES: SealRules = { policy: () => 'required', clock: 60_000, refusesGaps: false }

interface Told {
  readonly topic?: string
  readonly device?: string
  readonly dup?: boolean
  readonly qos?: number
}

/** The codes that the guard finds, a note with a question mark behind it. */
function judge(
  seal: Seal | null,
  text: string,
  { topic = TOPIC, device = 'pump-1', dup = false, qos = 1 }: Told = {},
  rules = RULES,
): string {
  const payload = utf8.encode(text)
  const { length } = utf8.encode(topic)
  const rest = [0, length, ...utf8.encode(topic), 0, 7, ...(seal === null ? payload : asCose(seal, payload))]
  const bytes = Uint8Array.of(dup ? 0x3a : 0x32, (rest.length & 0x7f) | 0x80, rest.length >> 7, ...rest)
  const opened = new Opened()
  expect(placePublish(bytes, 0, bytes.length, 4, opened.placed)).toBe(true)
  opened.open(bytes, 4)
  const act: Act = {
    serial: 1,
    direction: 'up',
    action: 'publish',
    speaker: { site: 'mill-3', device, roles: [], assurance: 'certificate', fingerprint: '' },
    subject: device,
    address: { bytes: utf8.encode(topic), text: topic, memo: [] },
    bytes,
    start: 0,
    end: bytes.length,
    payloadStart: opened.payloadStart,
    payloadEnd: opened.payloadEnd,
    qos,
    retain: false,
    weight: 1,
    seal: opened.seal,
  }
  const found: string[] = []
  const scene = { ...AT_REST, now: 0, wall: NOW, neighbors: null, memo } as unknown as Scene
  const report = {
    add: (code: string) => void found.push(code),
    note: (code: string) => void found.push(`${code}?`),
    slow: () => {},
    end: () => {},
  }
  integrity(rules, slots, 0).judge(act, lane, scene, report)
  return found.join(' ') || '-'
}

const say = (text: string, told: Told & { at?: number } = {}) =>
  sealer.seal(told.topic ?? TOPIC, utf8.encode(text), told.at ?? NOW)

test('a chain passes, over a new connection and a new epoch too', () => {
  for (let i = 0; i < 50; i++) expect(judge(say(`${i}`), `${i}`)).toBe('-')
  memo = []
  expect(judge(say('x'), 'x')).toBe('-')
  sealer.rotate(sealKey(secretOf('pump-1'), 'pump-1', 2), 2)
  expect(judge(say('y'), 'y')).toBe('-')
  sealer.rotate(sealKey(secretOf('pump-1'), 'pump-1', 3), 3)
  expect(judge(say('z'), 'z')).toBe('seal_epoch')
})

test('what is not sealed is refused where seals are required, and passes where they are not', () => {
  expect(judge(null, 'x')).toBe('seal_missing')
  expect(judge(null, 'x', {}, { ...RULES, policy: () => 'if-present' })).toBe('-')
})

describe('attackers', () => {
  test('a payload, a topic or a device that was changed on the way', () => {
    expect(judge(say('1'), '2')).toBe('seal_forged')
    expect(judge(say('1'), '1', { topic: 'plant/pump-1/other' })).toBe('seal_forged')
    expect(judge(say('1'), '1', { device: 'pump-2' })).toBe('seal_forged')
  })

  test('a seal whose tag is cut, or of another algorithm', () => {
    const seal = say('1')
    expect(judge({ ...seal, tag: seal.tag.subarray(0, 8) }, '1')).toBe('seal_truncated')
    const secured = seal.secured.with(2, 4)
    expect(judge({ ...seal, secured }, '1')).toBe('seal_algorithm')
    expect(judge({ ...seal, secured: seal.secured.with(5, 2) }, '1')).toBe('seal_malformed')
  })

  test('forged seals move no chain', () => {
    judge(say('1'), '1')
    const other = new Sealer(sealKey(secretOf('pump-2'), 'pump-2', 1), 1, {
      sequence: 900,
      previous: new Uint8Array(0),
    })
    expect(judge(other.seal(TOPIC, utf8.encode('x'), NOW), 'x')).toBe('seal_forged')
    expect(judge(say('2'), '2')).toBe('-')
  })

  test('a message that was recorded and comes again, at once or an hour later', () => {
    const first = say('1')
    judge(first, '1')
    expect(judge(first, '1')).toBe('seal_replay')
    judge(say('2'), '2')
    expect(judge(first, '1')).toBe('seal_replay')
    for (let i = 0; i < 40; i++) judge(say('x'), 'x')
    expect(judge(first, '1')).toBe('seal_stale')
    const old = new Sealer(sealKey(secretOf('pump-3'), 'pump-3', 1), 1).seal(TOPIC, utf8.encode('1'), NOW - 3_600_000)
    lane = new LaneTable(1).open(0, 1)
    memo = []
    expect(judge(old, '1', { device: 'pump-3' })).toBe('seal_clock')
  })

  test('messages that are held back are told, or refused where that is wished; late ones are refused', () => {
    judge(say('1'), '1')
    const held = say('2')
    expect(judge(say('3'), '3')).toBe('seal_gap?')
    expect(judge(held, '2')).toBe('seal_reorder')
    say('4')
    expect(judge(say('5'), '5', {}, { ...RULES, refusesGaps: true })).toBe('seal_gap')
    expect(judge(say('6'), '6')).toBe('-')
  })

  test('two devices with one key, and one that was set back to a backup', () => {
    const { state } = sealer
    judge(say('1'), '1')
    const twin = new Sealer(sealKey(secretOf('pump-1'), 'pump-1', 1), 1, { ...state })
    expect(judge(say('2'), '2')).toBe('-')
    expect(judge(twin.seal(TOPIC, utf8.encode('other'), NOW), 'other')).toBe('seal_fork')
    for (let i = 0; i < 40; i++) judge(say('x'), 'x')
    const restored = new Sealer(sealKey(secretOf('pump-1'), 'pump-1', 1), 1, {
      sequence: 1,
      previous: new Uint8Array(8),
    })
    expect(judge(restored.seal(TOPIC, utf8.encode('x'), NOW), 'x')).toBe('seal_stale')
  })
})

test('a device that has lost its state goes on with a number that was never used, and says so', () => {
  judge(say('1'), '1')
  sealer = new Sealer(sealKey(secretOf('pump-1'), 'pump-1', 1), 1, { sequence: 1_000, previous: new Uint8Array(0) })
  expect(judge(say('2'), '2')).toBe('seal_resumed?')
  expect(judge(say('3'), '3')).toBe('-')
})

test('keys that give way to others are found again', () => {
  slots = new SealSlots((device, epoch) => sealKeyBytes(secretOf(device), device, epoch), 65_536, 1)
  expect(judge(say('1'), '1')).toBe('-')
  expect(slots.of('pump-2', 1)).toBe(0)
  expect(judge(say('2'), '2')).toBe('-')
})

test('a reload with another secret of the site takes other keys', () => {
  expect(judge(say('1'), '1')).toBe('-')
  slots = new SealSlots((device, epoch) => sealKeyBytes(secretOf(`${device}x`), device, epoch), 65_536)
  expect(judge(say('2'), '2')).toBe('seal_forged')
})

describe('messages that are sent again after a lost connection', () => {
  test('pass once a connection, in their order, as long as the window has their tags', () => {
    const seals = Array.from({ length: 20 }, (_, i) => say(`${i}`))
    for (const [i, seal] of seals.entries()) expect(judge(seal, `${i}`)).toBe('-')
    memo = []
    for (const [i, seal] of seals.entries()) expect(judge(seal, `${i}`, { dup: true })).toBe('-')
    expect(judge(seals[3], '3', { dup: true })).toBe('seal_replay')
    memo = []
    expect(judge(seals[3], '3', { dup: true })).toBe('-')
    expect(judge(seals[2], '2', { dup: true })).toBe('seal_replay')
    expect(judge(say('new'), 'new')).toBe('-')
  })

  test('are replays without DUP, at QoS 0, and with another payload', () => {
    const seal = say('1')
    judge(seal, '1')
    expect(judge(seal, '1')).toBe('seal_replay')
    expect(judge(seal, '1', { dup: true, qos: 0 })).toBe('seal_replay')
    expect(judge(seal, '2', { dup: true })).toBe('seal_forged')
  })

  test('are told where they had never come and later ones had', () => {
    judge(say('1'), '1')
    const late = say('2')
    judge(say('3'), '3')
    expect(judge(late, '2', { dup: true })).toBe('seal_reorder?')
  })
})

describe('where the gateway has lost what came last', () => {
  const behind = () => {
    judge(say('1'), '1')
    new LaneChain(lane.words).isBehind = true
    for (let i = 0; i < 5; i++) say('lost')
  }
  const refusing = { ...RULES, refusesGaps: true }

  test('one jump forward is accepted, and the next is a gap', () => {
    behind()
    expect(judge(say('2'), '2', {}, refusing)).toBe('seal_resumed?')
    expect(judge(say('3'), '3', {}, refusing)).toBe('-')
    say('held back')
    expect(judge(say('4'), '4', {}, refusing)).toBe('seal_gap')
  })

  test('a jump of what was sealed too long ago is none', () => {
    behind()
    expect(judge(say('old', { at: NOW - 61_000 }), 'old', {}, refusing)).toBe('seal_clock seal_gap')
    expect(judge(say('5'), '5', {}, refusing)).toBe('-')
  })

  test('a chain that goes on where it stood needs no jump, and has none left', () => {
    judge(say('1'), '1')
    new LaneChain(lane.words).isBehind = true
    expect(judge(say('2'), '2', {}, refusing)).toBe('-')
    say('held back')
    expect(judge(say('3'), '3', {}, refusing)).toBe('seal_gap')
  })
})

test('another worker, with its own memory over the same lanes, goes on with the chain', () => {
  const first = new LaneTable(1)
  lane = first.open(0, first.advance(0))
  const one = say('1')
  judge(one, '1')
  const second = new LaneTable(first.buffer)
  lane = second.open(0, second.advance(0))
  memo = []
  slots = new SealSlots((device, epoch) => sealKeyBytes(secretOf(device), device, epoch), 65_536)
  expect(judge(one, '1')).toBe('seal_replay')
  expect(judge(say('2'), '2')).toBe('-')
})
