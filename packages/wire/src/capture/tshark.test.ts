import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Random } from '../../fuzz/random.ts'
import { corpus, make } from '../../fuzz/replay/make.ts'
import { hear } from '../../test/capture/hearing.ts'
import { readPieces } from '../../test/capture/reading.ts'
import { captures, hasTshark, nameOf, tshark } from './tshark.testkit.ts'

const paths = captures()
const CHUNK = 65_536

/** A file in the pieces in which it would be read. */
function piecesOf(path: string): Uint8Array[] {
  const file = new Uint8Array(readFileSync(path))
  return Array.from({ length: Math.ceil(file.length / CHUNK) }, (_, i) => file.slice(i * CHUNK, (i + 1) * CHUNK))
}

describe.skipIf(paths.length === 0)('the captures of the open data sets', () => {
  for (const path of paths) {
    test(`${nameOf(path)} is read to its end`, () => {
      const { packets, fault } = readPieces(piecesOf(path))
      expect(fault).toBeNull()
      expect(packets.length).toBeGreaterThan(0)
      const heard = hear(piecesOf(path)).flows
      // Captures of one machine and one wire: none of the anomalies is in them.
      expect(heard.flatMap(({ anomalies }) => anomalies)).toEqual([])
    })
  }
})

const tsharkIsThere = hasTshark()

describe.skipIf(!tsharkIsThere)('captures that the tests make, by tshark', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringwall-captures-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  // Seeds of captures without harm that have all links and both files between them.
  for (const seed of [1, 6, 15, 20, 39]) {
    test(`seed ${seed}: the same packets and flows, and no checksum is wrong`, () => {
      const { file, harm } = make(corpus(seed, 5), new Random(seed))
      expect(harm).toBe('none')
      const path = join(folder, `${seed}.pcap`)
      writeFileSync(path, file)
      const lines = tshark(path, ['frame.len', 'tcp.stream', 'tcp.checksum.status'], ['tcp.check_checksum:TRUE'])
      expect(readPieces([file]).packets.map(({ bytes }) => bytes.length)).toEqual(lines.map(line => Number(line[0])))
      expect(hear([file]).flows).toHaveLength(new Set(lines.map(line => line[1]).filter(stream => stream !== '')).size)
      expect(lines.some(line => line[2] === '0')).toBe(false)
    })
  }
})

describe.skipIf(paths.length === 0 || !tsharkIsThere)('the same captures, by tshark', () => {
  for (const path of paths) {
    test(`${nameOf(path)}: packets, times, flows, their ends and their bytes`, () => {
      const lines = tshark(path, [
        'frame.time_epoch',
        'frame.len',
        'tcp.stream',
        'tcp.len',
        'ip.src',
        'ipv6.src',
        'tcp.srcport',
      ])
      const { packets } = readPieces(piecesOf(path))
      expect(packets.map(packet => packet.originalLength)).toEqual(lines.map(line => Number(line[1])))
      for (const [i, { time }] of packets.entries()) expect(time).toBeCloseTo(Number(lines[i][0]) * 1000, 2)

      const wanted = new Map<string, { bytes: number; ends: Set<string> }>()
      for (const [, , stream, length, four, six, port] of lines) {
        if (stream === '') continue
        const flow = wanted.get(stream) ?? { bytes: 0, ends: new Set() }
        flow.bytes += Number(length)
        flow.ends.add(`${four === '' ? six : four} ${port}`)
        wanted.set(stream, flow)
      }
      const heard = hear(piecesOf(path)).flows
      // tshark counts what was sent, and there are no retransmissions with data in these captures.
      expect(heard.map(({ flow }) => flow.bytesUp + flow.bytesDown)).toEqual(
        [...wanted.values()].map(flow => flow.bytes),
      )
      const ends = heard.map(({ flow }) => [flow.client, flow.server].map(({ address, port }) => `${address} ${port}`))
      for (const [i, flow] of [...wanted.values()].entries()) {
        for (const end of flow.ends) expect(ends[i]).toContain(end)
      }
    })
  }
})
