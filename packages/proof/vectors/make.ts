/**
 * The test vectors of seals for whoever writes a device: `node packages/proof/vectors/make.ts > packages/proof/vectors/seal.json`.
 * Secrets in them are fixed and worth nothing.
 */
import { asCose, asEnvelope, asProperty, deviceSecret, Sealer, sealKey, sealKeyBytes } from '../src/index.ts'
import { macInput } from '../src/seal/sealer.ts'

const SITE = 'mill-3'
const DEVICE = 'pump-1'
const siteSecret = Uint8Array.from({ length: 32 }, (_, i) => i)
const utf8 = new TextEncoder()

interface Step {
  readonly about: string
  readonly epoch: number
  /** Sequence number and previous tag before it are those of the step before, unless `jump` says otherwise. */
  readonly jump?: number
  readonly topic: string
  readonly payload: Uint8Array
  /** Milliseconds since the Unix epoch. */
  readonly time: number
}

const NOW = 1_795_000_000_123
const TOPIC = 'plant/pump-1/state'
const STEPS: readonly Step[] = [
  { about: 'the first message', epoch: 1, topic: TOPIC, payload: utf8.encode('{"on":true}'), time: NOW },
  { about: 'the next names its tag', epoch: 1, topic: TOPIC, payload: utf8.encode('{"on":false}'), time: NOW + 1_000 },
  { about: 'no payload', epoch: 1, topic: TOPIC, payload: new Uint8Array(0), time: NOW + 2_000 },
  { about: 'more than 23 bytes', epoch: 1, topic: TOPIC, payload: utf8.encode('x'.repeat(24)), time: NOW + 3_000 },
  { about: 'more than 255 bytes', epoch: 1, topic: TOPIC, payload: utf8.encode('y'.repeat(256)), time: NOW + 4_000 },
  { about: 'another epoch, same chain', epoch: 2, topic: TOPIC, payload: utf8.encode('{}'), time: NOW + 5_000 },
  {
    about: 'a topic with a letter of two bytes',
    epoch: 2,
    topic: 'plant/pump-1/höhe',
    payload: utf8.encode('7'),
    time: NOW + 6_000,
  },
  {
    about: 'after a crash: numbers were reserved up to 256',
    epoch: 2,
    jump: 256,
    topic: TOPIC,
    payload: utf8.encode('{}'),
    time: NOW + 60_000,
  },
  { about: 'an epoch of two bytes', epoch: 300, topic: TOPIC, payload: utf8.encode('{}'), time: NOW + 61_000 },
  {
    about: 'a number above 32 bits',
    epoch: 300,
    jump: 2 ** 32,
    topic: TOPIC,
    payload: utf8.encode('{}'),
    time: NOW + 62_000,
  },
  { about: 'the first, before the clock is set', epoch: 1, jump: 0, topic: TOPIC, payload: utf8.encode('{}'), time: 0 },
  { about: 'the next, before the clock is set', epoch: 1, topic: TOPIC, payload: utf8.encode('{}'), time: 30_000 },
  {
    about: 'the last number',
    epoch: 2 ** 32 - 1,
    jump: Number.MAX_SAFE_INTEGER - 1,
    topic: TOPIC,
    payload: utf8.encode('{}'),
    time: NOW + 63_000,
  },
]

/** All of it as the file has it; bytes are in hexadecimal. */
export function sealVectors(): string {
  const secret = deviceSecret(siteSecret, SITE, DEVICE)
  const epochs = [...new Set(STEPS.map(({ epoch }) => epoch))]
  let state = { sequence: 0, previous: new Uint8Array(0) }
  const messages = STEPS.map(({ about, epoch, jump, topic, payload, time }) => {
    if (jump !== undefined) state = { sequence: jump, previous: new Uint8Array(0) }
    const sealer = new Sealer(sealKey(secret, DEVICE, epoch), epoch, state)
    const seal = sealer.seal(topic, payload, time)
    return {
      about,
      epoch,
      sequence: seal.fields.sequence,
      time_ms: time,
      previous: hex(seal.fields.previous),
      topic,
      payload: hex(payload),
      protected: hex(seal.secured),
      mac_structure: hex(...macInput(seal.secured, utf8.encode(topic), payload)),
      tag: hex(seal.tag),
      property: asProperty(seal),
      envelope: hex(asEnvelope(seal, payload)),
      cose: hex(asCose(seal, payload)),
    }
  })
  const vectors = {
    version: 1,
    site: SITE,
    device: DEVICE,
    site_secret: hex(siteSecret),
    device_secret: hex(secret),
    keys: epochs.map(epoch => ({ epoch, key: hex(sealKeyBytes(secret, DEVICE, epoch)) })),
    messages,
  }
  return `${JSON.stringify(vectors, null, 2)}\n`
}

function hex(...parts: readonly Uint8Array[]): string {
  return parts.flatMap(part => [...part].map(byte => byte.toString(16).padStart(2, '0'))).join('')
}

if (import.meta.main) process.stdout.write(sealVectors())
