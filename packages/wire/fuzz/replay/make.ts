import fc from 'fast-check'
import { fileOf, framesOf, type Network, network } from '../../test/capture/network.ts'
import { converse, type Said, type Talk, type Treatment } from '../../test/capture/talk.ts'
import { join } from '../../test/frames.ts'
import { connectSample, sample } from '../../test/packets.ts'
import { mutate } from '../mutate.ts'
import type { Random } from '../random.ts'

const SAMPLES = 16
/** Long enough for every header. */
const SNAPS = [100, 160, 65_535]

/** What was done to a capture: nothing, packets lost or cut off, bytes of packets changed, bytes of the file changed. */
export type Harm = 'none' | 'lossy' | 'packets' | 'file'

/** A capture and what was said in it. */
export interface Made {
  readonly file: Uint8Array
  readonly harm: Harm
  readonly talks: readonly { readonly talk: Talk; readonly treatment: Treatment }[]
}

/** MQTT packets of a seed, of which streams are made. */
export interface Corpus {
  readonly version: 4 | 5
  readonly connects: readonly Uint8Array[]
  readonly up: readonly Uint8Array[]
  readonly down: readonly Uint8Array[]
}

export function corpus(seed: number, version: 4 | 5): Corpus {
  const some = (fromClient: boolean) => fc.sample(sample(version, fromClient), { seed, numRuns: SAMPLES })
  return {
    version,
    connects: fc.sample(connectSample(version), { seed, numRuns: 4 }).map(one => one.bytes),
    up: some(true).map(one => one.bytes),
    down: some(false).map(one => one.bytes),
  }
}

/** A capture of one to four connections, of any kind and harmed in any way. */
export function make(from: Corpus, random: Random): Made {
  const harm = random.pick(['none', 'none', 'lossy', 'packets', 'file'] as const)
  // As most captures are: segments in order, each of whole packets.
  const calm = random.below(2) === 0
  const at = calm ? { ...network(random), fragments: 0 } : network(random)
  const talks = Array.from({ length: 1 + random.below(4) }, (_, i) => ({
    talk: talkOf(from, i, calm, random),
    treatment: calm ? { ...treat(harm, random), disturbed: false } : treat(harm, random),
  }))
  const frames = interleave(
    talks.map(({ talk, treatment }) => spoil(converse(talk, treatment, random), at, harm, random)),
    random,
  )
  if (random.below(2) === 0) repeat(frames, random)
  const changed =
    harm === 'packets' ? frames.map(frame => (random.below(6) === 0 ? mutate(frame, random) : frame)) : frames
  const snap = harm === 'lossy' ? random.pick(SNAPS) : undefined
  const file = fileOf(changed, at.linkType, random, snap)
  return { file: harm === 'file' ? mutate(file, random) : file, harm, talks }
}

function talkOf(from: Corpus, i: number, calm: boolean, random: Random): Talk {
  const several = (packets: readonly Uint8Array[]) =>
    Array.from({ length: random.below(calm ? 24 : 8) }, () => {
      return random.below(calm ? 6 : 2) === 0 ? random.pick(packets) : plain(from.version, random)
    })
  return {
    clientPort: 40_000 + i,
    serverPort: 1883,
    ...said([random.pick(from.connects), ...several(from.up)], several(from.down), calm),
  }
}

/** The packets of both directions; `whole`: as many devices send them, one or a few in a segment. */
function said(
  up: readonly Uint8Array[],
  down: readonly Uint8Array[],
  whole: boolean,
): Omit<Talk, 'clientPort' | 'serverPort'> {
  const streams = { up: join(up), down: join(down) }
  return whole ? { ...streams, ends: { up: endsOf(up), down: endsOf(down) } } : streams
}

function endsOf(packets: readonly Uint8Array[]): number[] {
  let end = 0
  return packets.map(({ length }) => {
    end += length
    return end
  })
}

/** A QoS 0 PUBLISH as most are, now and then with something in it that is not as it should be. */
function plain(version: 4 | 5, random: Random): Uint8Array {
  const topic = Buffer.from(`line/${'x'.repeat(random.below(30))}`)
  if (random.below(12) === 0) topic[random.below(topic.length)] = random.pick([0, 0x23, 0x2b, 0x7f, 0xc3])
  const properties = Buffer.from(version === 5 ? [0] : [])
  const body = Buffer.concat([Buffer.from([0, topic.length]), topic, properties, Buffer.alloc(random.below(260), 0x30)])
  const [low, high] = [body.length & 0x7f, body.length >> 7]
  const length = high === 0 && random.below(12) > 0 ? [low] : [low | 0x80, high]
  return Buffer.concat([Buffer.from([random.pick([0x30, 0x30, 0x30, 0x31, 0x38]), ...length]), body])
}

function treat(harm: Harm, random: Random): Treatment {
  const whole = harm === 'lossy' || random.below(2) === 0
  return {
    disturbed: random.below(3) > 0,
    midstream: !whole && random.below(2) === 0,
    only: whole ? null : random.pick([null, 'up', 'down']),
    ending: random.pick(['fin', 'reset', 'none']),
  }
}

/** The frames of a connection, some of them lost where the capture is lossy. SYNs stay: they say where streams begin. */
function spoil(said: readonly Said[], at: Network, harm: Harm, random: Random): Uint8Array[] {
  const loss = harm === 'lossy' ? random.pick([3, 10, 40]) : 0
  return said.flatMap(one => {
    const kept = loss === 0 || one.fields.flags.includes('S')
    return framesOf(one, at, random).filter(() => kept || random.below(loss) > 0)
  })
}

/** Puts some frames in once more, up to a few packets later, as a mirrored port or a capture of all interfaces shows them. */
function repeat(frames: Uint8Array[], random: Random): void {
  for (let i = 0; i < frames.length; i += 1 + random.below(40)) {
    frames.splice(i + 1 + random.below(6), 0, frames[i])
  }
}

function interleave(lists: readonly Uint8Array[][], random: Random): Uint8Array[] {
  const left = lists.map(list => [...list])
  const result: Uint8Array[] = []
  for (let some = left.filter(list => list.length > 0); some.length > 0; some = left.filter(list => list.length > 0)) {
    result.push(...random.pick(some).splice(0, 1 + random.below(4)))
  }
  return result
}
