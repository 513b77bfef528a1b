import fc from 'fast-check'
import { describe, Scanner } from '../src/index.ts'
import { connectSample, type Sample, sample } from '../test/packets.ts'
import { mutate } from './mutate.ts'
import { Random } from './random.ts'
import type { Tally, Target } from './target.ts'

// Small against the streams, so that the limit is met often.
const MAX_PACKET = 600
const SAMPLES = 24
const STREAMS = 400
// A frame takes at least two bytes, but for a fatal one at the end.
const framesAtMost = (bytes: number) => bytes / 2 + 2

// What legal packets of the corpus can still run into here: the limits above, and the lack of a CONNECT.
const LIMITS = ['packet_too_large', 'alias_too_large', 'connect_expected']
const ALIAS_MAXIMUM = 1000

const never = () => false

interface Reading {
  readonly digest: number
  readonly frames: number
  /** The code of the last fault, or an empty string. */
  readonly fault: string
}

/** The MQTT scanner: no crash, no hang, the same frames however a stream is split, never more held than a packet. */
export const wire: Target = {
  name: 'wire',
  run(seed, tally, begin) {
    const random = new Random(seed)
    const version = random.pick([4, 5] as const)
    const from = random.pick(['client', 'server'] as const)
    const corpus = samples(seed, version, from)
    tally.runs++
    for (let i = 0; i < STREAMS; i++) {
      const { stream, legal } = makeStream(corpus, random)
      const start = from === 'client' && random.below(2) === 0 ? 0 : version
      begin(stream)
      const finding = tryStream(stream, legal, start, from, random, tally)
      if (finding !== null) return { why: finding, input: stream, seed }
    }
    return null
  },
}

function samples(seed: number, version: 4 | 5, from: 'client' | 'server'): Sample[] {
  const packets = fc.sample(sample(version, from === 'client'), { seed, numRuns: SAMPLES })
  if (from === 'server') return packets
  return [...fc.sample(connectSample(version), { seed, numRuns: SAMPLES / 4 }), ...packets]
}

function makeStream(corpus: readonly Sample[], random: Random): { stream: Uint8Array; legal: boolean } {
  const kind = random.below(16)
  if (kind === 0) {
    return { stream: Uint8Array.from({ length: 1 + random.below(200) }, () => random.below(256)), legal: false }
  }
  const chosen = Array.from({ length: 1 + random.below(6) }, () => random.pick(corpus).bytes)
  // A CONNECT first opens the way for what follows it.
  if (random.below(2) === 0) chosen.unshift(corpus[0].bytes)
  const stream = new Uint8Array(Buffer.concat(chosen))
  return kind < 4 ? { stream, legal: true } : { stream: mutate(stream, random), legal: false }
}

/** Reads a stream whole, split at random with pauses, and byte by byte; answers what is wrong, or null. */
function tryStream(
  stream: Uint8Array,
  legal: boolean,
  version: 0 | 4 | 5,
  from: 'client' | 'server',
  random: Random,
  tally: Tally,
): string | null {
  tally.inputs++
  tally.bytes += stream.length
  try {
    const whole = read(stream, () => stream.length, never, version, from, tally)
    if (typeof whole === 'string') return whole
    tally.frames += whole.frames
    if (legal && whole.fault !== '' && !LIMITS.includes(whole.fault)) return `a legal stream is blamed: ${whole.fault}`
    const most = random.pick([1, 3, 20, 200])
    const sometimes = () => random.below(4) === 0
    for (const [size, pause] of [[() => 1 + random.below(most), sometimes] as const, [() => 1, never] as const]) {
      const split = read(stream, size, pause, version, from, null)
      if (typeof split === 'string') return split
      if (split.digest !== whole.digest || split.frames !== whole.frames) return 'a split stream gave other frames'
    }
    return null
  } catch (error) {
    return `it threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  }
}

function read(
  stream: Uint8Array,
  size: () => number,
  pause: () => boolean,
  version: 0 | 4 | 5,
  from: 'client' | 'server',
  tally: Tally | null,
): Reading | string {
  const scanner = new Scanner({ from, maxPacket: MAX_PACKET, aliasMaximum: ALIAS_MAXIMUM })
  scanner.version = version
  let digest = 0
  let frames = 0
  let fault = ''
  for (let at = 0; at < stream.length; ) {
    const next = Math.min(stream.length, at + size())
    scanner.feed(stream.slice(at, next))
    at = next
    if (at < stream.length && pause()) continue
    while (scanner.next()) {
      if (++frames > framesAtMost(stream.length)) return 'there are more frames than bytes: it hangs'
      digest = mix(digest, scanner)
      if (scanner.fault !== null) {
        fault = scanner.fault.code
        if (tally !== null) count(tally.faults, fault)
      }
    }
    if (scanner.held > MAX_PACKET) return `${scanner.held} bytes are held, the limit is ${MAX_PACKET}`
    if (scanner.held !== scanner.pending) return 'bytes are pending though the last frame was read'
  }
  return { digest, frames, fault }
}

/** Mixes all that a frame says into a digest, counting offsets from the frame's start. */
function mix(before: number, frame: Scanner): number {
  let digest = before
  const add = (value: number) => {
    digest = Math.imul(digest ^ value, 0x01000193) ^ (digest >>> 15)
  }
  for (const at of [frame.body, frame.end, frame.topicStart, frame.topicEnd]) add(at - frame.start)
  for (const at of [frame.payloadStart, frame.payloadEnd]) add(at - frame.start)
  for (const at of [frame.propertiesStart, frame.propertiesEnd]) add(at - frame.start)
  for (const value of [frame.type, frame.flags, frame.qos, frame.packetId, frame.reason]) add(value)
  for (const value of [frame.topicHash, frame.alias, frame.version]) add(value)
  for (let i = frame.start; i < frame.end; i++) add(frame.bytes[i])
  const text = describe(frame) + (frame.fault?.code ?? '')
  for (let i = 0; i < text.length; i++) add(text.charCodeAt(i))
  if (frame.fault !== null) add(frame.fault.offset - frame.start)
  return digest
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
