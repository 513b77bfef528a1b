import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { COLUMN_NAMES, type SessionRow } from './evidence/sessions/index.ts'
import { CONNACK, connect, hex, capture as made, publish } from './replay/capture.testkit.ts'
import { openData } from './replay/suricata.testkit.ts'
import { doneIn, live, rowsOf } from './sessions.testkit.ts'

const folder = openData('mqttset')

/** Columns in which two rows differ by more than the clocks' rounding. */
function differences(a: SessionRow, b: SessionRow): string[] {
  return COLUMN_NAMES.flatMap((name, at) => {
    const [one, other] = [a.values[at], b.values[at]]
    const same = Number.isNaN(one) ? Number.isNaN(other) : Math.abs(one - other) <= 3e-3 * Math.abs(one) + 2e-6
    return same ? [] : [`${name}: ${one} in the capture, ${other} live`]
  })
}

test('a made capture comes to the same rows live, an illegal packet and a message both ways among them', async () => {
  const sent = [
    { up: connect('a') },
    { down: CONNACK },
    { up: hex('8206 0001 0001 23 01') },
    { down: hex('9003 0001 01') },
    { up: publish('plant/a', '12345') },
    { down: publish('plant/b', '1') },
    { up: hex('c000') },
  ]
  const capture = made({ sent: [...sent, { up: hex('e000') }] }, { sent: [...sent, { up: hex('3601 00') }] })
  const [captured, lived] = [rowsOf(capture), await live(doneIn(capture))]
  expect(captured).toHaveLength(2)
  expect(captured[1].values[COLUMN_NAMES.indexOf('faults')]).toBe(1)
  expect(lived).toHaveLength(2)
  expect(captured.flatMap((row, at) => differences(row, lived[at]))).toEqual([])
})

describe.skipIf(folder === null)('a capture, and the gateway that sees the same bytes at the same times', () => {
  test.each([
    ['bruteforce-train.pcapng', 889, null],
    ['malariados-train.pcap', 44, null],
    ['slowite-train.pcap', 716, null],
    // Its client sends on before CONNACK has come, and the gateway reads that only then.
    ['malformed-train.pcap', 655, /gap_|keep_alive_used|source_messages/],
  ])('%s comes to the same rows', async (name, count, elsewhen) => {
    const capture = new Uint8Array(readFileSync(join(folder ?? '', name)))
    const [captured, lived] = [rowsOf(capture), await live(doneIn(capture))]
    expect(captured).toHaveLength(count)
    expect(lived).toHaveLength(count)
    const found = captured.flatMap((row, at) => differences(row, lived[at]))
    expect(found.filter(each => elsewhen?.test(each) !== true).slice(0, 5)).toEqual([])
  })
})
