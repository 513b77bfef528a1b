import { describe, expect, test } from 'vitest'
import { Random } from '../../../wire/fuzz/random.ts'
import { COLUMN_NAMES, type SessionRow } from '../evidence/sessions/index.ts'
import { CONNACK, capture, connect, hex, publish, type Sent } from './capture.testkit.ts'
import { asPcapng, honest, hostile, scrambled } from './hostile.testkit.ts'
import { sessionsOf } from './sessions.ts'

const SIZE = { span: 1_000, most: 100 }
const RUNS = 600
/** Those of a capture file (packages/wire), and none. */
const CODES =
  /^(|capture_(empty|magic|truncated|version|link)|packet_too_large|block_length|byte_order|interfaces|interface_unknown|option_length)$/

interface Read {
  readonly rows: readonly SessionRow[]
  readonly fault: string | null
  readonly unread: number
}

/** Reads a capture in pieces of any size. */
function read(bytes: Uint8Array, random = new Random(1)): Read {
  const rows: SessionRow[] = []
  const trial = sessionsOf(SIZE, [], row => void rows.push(row))
  for (let at = 0; at < bytes.length; ) {
    const next = at + 1 + random.below(2_000)
    if (!trial.take(new Uint8Array(bytes.subarray(at, next)))) break
    at = next
  }
  const { fault, unread } = trial.end()
  return { rows, fault: fault?.code ?? null, unread: unread.reduce((sum, { count }) => sum + count, 0) }
}

const sum = (rows: readonly SessionRow[], name: string): number =>
  rows.reduce((all, { values }) => all + values[COLUMN_NAMES.indexOf(name)], 0)

test.each([
  ['pcap', spoiled, ['capture_truncated', 'capture_magic', 'capture_empty', 'packet_too_large']],
  [
    'pcapng',
    (random: Random) => scrambled(asPcapng(honest(random)), random),
    ['capture_truncated', 'block_length', 'byte_order'],
  ],
])(
  'whatever is done to a %s, it is read as far as it goes, or refused by a code; no feature is infinite',
  (_, make, codes) => {
    const faults = new Map<string, number>()
    let [rows, unread] = [0, 0]
    for (let seed = 1; seed <= RUNS; seed++) {
      const random = new Random(seed)
      try {
        const found = read(make(random), random)
        faults.set(found.fault ?? '', (faults.get(found.fault ?? '') ?? 0) + 1)
        rows += found.rows.length
        unread += found.unread
        for (const { values } of found.rows) expect(values).not.toContain(Number.POSITIVE_INFINITY)
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error })
      }
    }
    // Else the makers make nothing that hurts.
    expect([rows > RUNS, unread > 20, (faults.get('') ?? 0) > RUNS / 4]).toEqual([true, true, true])
    expect([...faults.keys()].filter(code => !CODES.test(code))).toEqual([])
    for (const code of codes) expect([...faults.keys()]).toContain(code)
  },
)

function spoiled(random: Random): Buffer {
  let bytes = honest(random)
  for (let left = 1 + random.below(3); left > 0 && bytes.length > 100; left--)
    bytes = hostile(Buffer.from(bytes), random)
  return bytes
}

describe('segments', () => {
  const said: Sent[] = Array.from({ length: 40 }, (_, n) => ({ up: publish('plant/x', `message ${n}`) }))
  const bytes = capture({ sent: [{ up: connect('a') }, { down: CONNACK }, ...said] })
  const RECORD = 16 + 40 + publish('plant/x', 'message 10').length
  const records = 24 + 56 * 3 + 56 + connect('a').length + 56 + CONNACK.length

  test('out of order and sent again come to the same messages', () => {
    const mixed = Buffer.from(bytes)
    // Messages 10 to 39 are of one length: pairs of them change places, and one comes twice.
    for (let n = 10; n + 1 < 40; n += 2) {
      const at = records + (RECORD - 1) * 10 + RECORD * (n - 10)
      const [one, other] = [mixed.subarray(at, at + RECORD), mixed.subarray(at + RECORD, at + 2 * RECORD)].map(part =>
        Buffer.from(part),
      )
      one.copy(mixed, at + RECORD)
      other.copy(mixed, at)
    }
    const again = Buffer.concat([mixed, mixed.subarray(records, records + 400)])
    for (const each of [bytes, mixed, again]) {
      const { rows, fault } = read(each)
      expect([sum(rows, 'publishes'), sum(rows, 'faults')]).toEqual([40, 0])
      expect(each === again || fault === null).toBe(true)
    }
    expect(mixed.equals(bytes)).toBe(false)
  })
})

test.each([
  ['a record that says it has 4 GB', (b: Buffer) => b.writeUInt32LE(0xffff_ffff, 24 + 8), 'packet_too_large'],
  ['one that is larger than any', (b: Buffer) => b.writeUInt32LE(262_145, 24 + 8), 'packet_too_large'],
])('%s is refused by its code, and nothing is kept for it', (_, lie, code) => {
  const bytes = honest(new Random(3))
  lie(bytes)
  const before = process.memoryUsage().arrayBuffers
  expect(read(bytes).fault).toBe(code)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20)
})

test('a message that says it has 256 MB is passed over, and what follows it in its connection is not read as another', () => {
  const claim = Buffer.concat([hex('30ffffff7f'), Buffer.alloc(60_000, 'x')])
  const sent = [
    { up: connect('a') },
    { down: CONNACK },
    ...Array.from({ length: 50 }, () => ({ up: claim })),
    { up: publish('a', 'b') },
  ]
  const { rows, fault } = read(capture({ sent }))
  expect([fault, sum(rows, 'connects'), sum(rows, 'publishes'), sum(rows, 'faults')]).toEqual([null, 1, 0, 0])
})
