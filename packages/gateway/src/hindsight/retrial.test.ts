import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeRecord } from '../recording/decode.ts'
import { At, Kind } from '../recording/layout.ts'
import { labActs, labConfig, Rig } from './hindsight.testkit.ts'
import { Retrial } from './retrial.ts'

const config = labConfig()
const acts = labActs(5, 3).slice(0, 9_000)
const ACTS = acts.filter(({ action }) => action !== 'loss').length

interface Judged {
  acts: number
  differing: number
  decisions: Set<number>
}

/** Judges what one worker recorded by itself. */
function again(records: readonly Buffer[]): Judged {
  const retrial = new Retrial()
  const judged: Judged = { acts: 0, differing: 0, decisions: new Set() }
  for (const record of records) {
    const read = decodeRecord(record)
    if (read.kind === 'segment') retrial.segment(read.head)
    if (read.kind === 'session') retrial.session(read.head, read)
    if (read.kind !== 'act') continue
    judged.acts++
    judged.decisions.add(read.recorded.outcome[0])
    if (!retrial.act(read.recorded).same) judged.differing++
  }
  return judged
}

/** Lets the fleet play on some workers; what `spoil` says is another payload than the device meant. */
function played(workers: number, segmentBytes: number, spoil: (index: number) => Uint8Array | null, every = 1): Rig {
  const rig = new Rig(config, workers, segmentBytes, 512 * 1024)
  for (const [index, act] of acts.entries()) {
    rig.play(act, (index * 7) % workers, spoil(index) ?? act.payload)
    if (index % every === every - 1) rig.drain()
  }
  rig.drain()
  return rig
}

const intact = (): null => null

describe('what two workers judged', () => {
  test('comes to the same again at each by itself, though each read what the other wrote', () => {
    const rig = played(2, 1e9, intact)
    const [a, b] = [again(rig.records(0)), again(rig.records(1))]
    expect([a.differing, b.differing, a.acts + b.acts]).toEqual([0, 0, ACTS])
    expect(Math.min(a.acts, b.acts)).toBeGreaterThan(200)
  })

  test('comes to the same in segments that begin in the middle of connections, whatever was sent', () => {
    const decisions = new Set<number>()
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 60_000, max: 300_000 }), (seed, bytes) => {
        const rig = played(2, bytes, index => {
          const chance = Math.imul(index + 1, seed | 1) >>> 0
          if (chance % 9 !== 0) return null
          const other = acts[chance % acts.length].payload
          const spoiled = Uint8Array.from(chance % 2 === 0 ? other : acts[index].payload)
          if (spoiled.length > 0) spoiled[chance % spoiled.length] ^= 1 << (chance % 8)
          return spoiled
        })
        for (const worker of [0, 1]) {
          const records = rig.records(worker)
          expect(records.filter(record => record[0] === Kind.segment).length).toBeGreaterThan(1)
          const { differing, decisions: some } = again(records)
          for (const each of some) decisions.add(each)
          expect(differing).toBe(0)
        }
      }),
      { numRuns: 8 },
    )
    expect([...decisions].sort()).toEqual([0, 2, 3])
  })

  test('begins anew where acts were missing, and says how many', () => {
    const tight = played(2, 1e9, intact, 6_000)
    expect(tight.lost).toBeGreaterThan(0)
    let missed = 0
    let judged = 0
    for (const worker of [0, 1]) {
      const { acts, differing } = again(tight.records(worker))
      expect(differing).toBe(0)
      judged += acts
      for (const record of tight.records(worker)) {
        const read = decodeRecord(record)
        if (read.kind === 'session') missed += read.head.missed
      }
    }
    expect(judged + tight.lost).toBe(ACTS)
    expect(missed).toBeGreaterThan(0)
    expect(missed).toBeLessThanOrEqual(tight.lost)
  })
})

describe('a record that was changed', () => {
  const rig = played(2, 1e9, intact)

  test('in one read of what others wrote comes to something else', () => {
    const records = rig.records(0).map(record => Buffer.from(record))
    const law = records.findLast(record => record[0] === Kind.act && record.readUInt16LE(At.reads) > 3)
    if (law === undefined) throw new Error('no act read its neighbors')
    const reads = At.end + law.readUInt16LE(At.address) + law.readUInt32LE(At.packet)
    law.writeDoubleLE(law.readDoubleLE(reads) + 1_000, reads)
    expect(again(records).differing).toBeGreaterThan(0)
  })

  test('in one byte of a payload comes to something else', () => {
    const records = rig.records(1).map(record => Buffer.from(record))
    const act = records.find(
      record => record[0] === Kind.act && record.readUInt32LE(At.payload) > 20 && (record[At.flags] & 7) === 2,
    )
    if (act === undefined) throw new Error('nobody has published anything')
    act[At.end + act.readUInt16LE(At.address) + act.readUInt32LE(At.payloadStart)] ^= 0x40
    expect(again(records).differing).toBeGreaterThan(0)
  })

  test('without its session says nothing of the lane', () => {
    const records = rig.records(0).filter(record => record[0] !== Kind.session)
    const retrial = new Retrial()
    for (const record of records) {
      const read = decodeRecord(record)
      if (read.kind === 'segment') retrial.segment(read.head)
      if (read.kind === 'act') expect(retrial.act(read.recorded)).toMatchObject({ outcome: null, silent: ['all'] })
    }
  })
})
