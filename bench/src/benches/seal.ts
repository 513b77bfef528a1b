import { createHmac, timingSafeEqual } from 'node:crypto'
import {
  asProperty,
  ChainWindow,
  type Covered,
  deviceSecret,
  LANES,
  MacKernel,
  readProperty,
  Sealer,
  SealVerifier,
  SealView,
  sealKey,
  sealKeyBytes,
} from '../../../packages/proof/src/index.ts'
import { macInput } from '../../../packages/proof/src/seal/sealer.ts'
import { beside } from '../base/report.ts'
import { inTurns } from '../base/turns.ts'
import type { Bench } from './bench.ts'

const PEER = 'createHmac'
const SLICES = 40
const MESSAGES = 256
const PAYLOAD_BYTES = 135
const TOPIC = 'demo/level-1/telemetry'
const SITE = 'demo'
const DEVICE = 'level-1'
const STARTED = 1_763_880_000_000
const SKEW = 30
const ascii = new TextEncoder()

/** One message as it comes: topic, the seal's property and payload lie in one chunk. */
interface Received {
  readonly chunk: Buffer
  readonly property: readonly [start: number, end: number]
  readonly covered: Covered
  /** What its MAC is over, in one piece, and its tag: all that the peer is asked to look at. */
  readonly macked: Buffer
  readonly tag: Buffer
}

/**
 * What a seal costs beside node:crypto's createHmac: the gateway's side from the property's text to the verdict of MAC, clock and chain, one
 * message at a time and in fours, and the device's side. The peer works out the MAC over the same bytes, which lie there in one piece, and
 * compares it in constant time; it reads no seal, copies nothing and follows no chain.
 */
export const seal: Bench = async function* ({ options }) {
  const key = sealKeyBytes(deviceSecret(new Uint8Array(32), SITE, DEVICE), DEVICE, 1)
  const messages = received()
  const cases = [
    { name: 'verify, one at a time', check: () => oneByOne(key, messages) },
    { name: 'verify, in fours', check: () => inFours(key, messages) },
    { name: 'seal', check: sealing },
  ]
  for (const { name, check } of cases) {
    if (options.only !== undefined && !name.includes(options.only)) continue
    const peer = name === 'seal' ? macs(key, messages) : checks(key, messages)
    const contenders = [
      { name: 'ringwall', round: check() },
      { name: PEER, round: peer },
    ]
    const times = options.quick ? 1 : 8
    const results = await inTurns(contenders, options.rounds, options.seed, async ({ round }) => slices(times, round))
    const subject = { bench: 'seal', case: name, metric: 'time a message', unit: 'us' }
    yield beside(subject, results.get('ringwall')!, PEER, results.get(PEER)!)
  }
}

function payload(n: number): Buffer {
  return Buffer.from(JSON.stringify({ device: DEVICE, ts: STARTED + n, value: n }).padEnd(PAYLOAD_BYTES, ' '))
}

function received(): Received[] {
  const sealer = new Sealer(sealKey(deviceSecret(new Uint8Array(32), SITE, DEVICE), DEVICE, 1), 1)
  const topic = ascii.encode(TOPIC)
  return Array.from({ length: MESSAGES }, (_, n) => {
    const inner = payload(n)
    const made = sealer.seal(TOPIC, inner, STARTED)
    const text = ascii.encode(asProperty(made))
    const chunk = Buffer.concat([topic, text, inner])
    const property = [topic.length, topic.length + text.length] as const
    const covered = {
      topic: chunk,
      topicStart: 0,
      topicEnd: topic.length,
      payload: chunk,
      payloadStart: property[1],
      payloadEnd: chunk.length,
    }
    const macked = Buffer.concat(macInput(made.secured, topic, inner))
    return { chunk, property, covered, macked, tag: Buffer.from(made.tag) }
  })
}

/** Each returns what judges all messages once, and throws where one does not hold. */
type Round = () => void

function inTime(view: SealView): boolean {
  return Math.abs(view.time - STARTED / 1_000) <= SKEW
}

function oneByOne(key: Uint8Array, messages: readonly Received[]): Round {
  const kernel = new MacKernel(1)
  kernel.setKey(0, key)
  const verifier = new SealVerifier(kernel)
  const view = new SealView()
  const chain = new ChainWindow()
  return () => {
    chain.words.fill(0)
    for (const { chunk, property, covered } of messages) {
      if (!readProperty(chunk, property[0], property[1], view) || !inTime(view)) throw new Error('no seal')
      if (!verifier.verify(0, view, covered)) throw new Error('the MAC does not hold')
      const link = chain.judge(view)
      if (link !== 'next' && link !== 'first') throw new Error(link)
      chain.advance(view)
    }
  }
}

function inFours(key: Uint8Array, messages: readonly Received[]): Round {
  const kernel = new MacKernel(1)
  kernel.setKey(0, key)
  const verifier = new SealVerifier(kernel)
  const views = Array.from({ length: LANES }, () => new SealView())
  const chain = new ChainWindow()
  return () => {
    chain.words.fill(0)
    for (let from = 0; from < messages.length; from += LANES) {
      for (let lane = 0; lane < LANES; lane++) {
        const { chunk, property, covered } = messages[from + lane]!
        const view = views[lane]!
        if (!readProperty(chunk, property[0], property[1], view) || !inTime(view)) throw new Error('no seal')
        if (!verifier.add(0, view, covered)) throw new Error('no room among four')
      }
      if (verifier.flush() !== 15) throw new Error('a MAC does not hold')
      for (const view of views) {
        const link = chain.judge(view)
        if (link !== 'next' && link !== 'first') throw new Error(link)
        chain.advance(view)
      }
    }
  }
}

function sealing(): Round {
  const sealer = new Sealer(sealKey(deviceSecret(new Uint8Array(32), SITE, DEVICE), DEVICE, 1), 1)
  const payloads = Array.from({ length: MESSAGES }, (_, n) => payload(n))
  return () => {
    for (const each of payloads) asProperty(sealer.seal(TOPIC, each, STARTED))
  }
}

function checks(key: Uint8Array, messages: readonly Received[]): Round {
  return () => {
    for (const { macked, tag } of messages) {
      if (!timingSafeEqual(createHmac('sha256', key).update(macked).digest(), tag)) throw new Error('no MAC')
    }
  }
}

function macs(key: Uint8Array, messages: readonly Received[]): Round {
  return () => {
    for (const { macked } of messages) createHmac('sha256', key).update(macked).digest()
  }
}

/** The median of microseconds a message over slices of so many rounds each. */
function slices(times: number, round: Round): number {
  const found = Array.from({ length: SLICES }, () => {
    const began = process.hrtime.bigint()
    for (let i = 0; i < times; i++) round()
    return Number(process.hrtime.bigint() - began) / 1_000 / (times * MESSAGES)
  })
  return found.sort((a, b) => a - b)[SLICES >> 1]!
}
