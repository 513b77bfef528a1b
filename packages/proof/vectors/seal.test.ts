import { createHmac, hkdfSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sealVectors } from './make.ts'

interface Message {
  readonly about: string
  readonly epoch: number
  readonly sequence: number
  readonly time_ms: number
  readonly previous: string
  readonly topic: string
  readonly payload: string
  readonly protected: string
  readonly mac_structure: string
  readonly tag: string
  readonly property: string
  readonly envelope: string
  readonly cose: string
}

interface Vectors {
  readonly site: string
  readonly device: string
  readonly site_secret: string
  readonly device_secret: string
  readonly keys: readonly { readonly epoch: number; readonly key: string }[]
  readonly messages: readonly Message[]
}

const text = readFileSync(new URL('./seal.json', import.meta.url), 'utf8')
const vectors = JSON.parse(text) as Vectors

// An implementation of its own, of node:crypto and string handling alone, as docs/seals.md tells it to a firmware team.
const big = (value: number) => value.toString(16).padStart(2 * Math.ceil(value.toString(16).length / 2), '0')
const derive = (secret: string, info: Buffer) =>
  Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'hex'), Buffer.alloc(0), info, 32)).toString('hex')

/** The head of a CBOR item by its major type. */
function head(major: number, value: number): string {
  const first = (more: number) => big((major << 5) | more)
  if (value < 24) return first(value)
  if (value < 256) return first(24) + big(value)
  if (value < 65_536) return first(25) + big(value).padStart(4, '0')
  return value < 2 ** 32 ? first(26) + big(value).padStart(8, '0') : first(27) + big(value).padStart(16, '0')
}
const string = (hex: string) => head(2, hex.length / 2) + hex

function seal({ epoch, sequence, time_ms, topic, payload }: Message, key: string, previous: string) {
  const kid = string(`01${big(epoch)}`)
  const time = head(0, Math.floor(time_ms / 1_000))
  const secured = `a5010504${kid}06${string(big(sequence))}0fa106${time}3a00010000${string(previous)}`
  const structure = `84644d414330${string(secured)}${string(Buffer.from(topic).toString('hex'))}${string(payload)}`
  const tag = createHmac('sha256', Buffer.from(key, 'hex')).update(structure, 'hex').digest('hex')
  const whole = (content: string) => `d184${string(secured)}a0${content}${string(tag)}`
  const property = Buffer.from(whole('f6'), 'hex').toString('base64url')
  return {
    protected: secured,
    mac_structure: structure,
    tag,
    property,
    envelope: Buffer.from(`rw1.${property}.`).toString('hex') + payload,
    cose: whole(string(payload)),
  }
}

test('the file is what is made today', () => {
  expect(text).toBe(sealVectors())
})

test('keys are those of HKDF by OpenSSL', () => {
  const { site, device, site_secret, device_secret, keys } = vectors
  expect(derive(site_secret, Buffer.from(`ringwall/seal/v1/secret\0${site}\0${device}`))).toBe(device_secret)
  for (const { epoch, key } of keys) {
    const info = Buffer.concat([Buffer.from(`ringwall/seal/v1/key\0${device}\0`), Buffer.alloc(4)])
    info.writeUInt32BE(epoch, info.length - 4)
    expect(derive(device_secret, info)).toBe(key)
  }
})

test.each(vectors.messages.map((message, index) => [message.about, message, index] as const))(
  '%s',
  (_, message, index) => {
    const key = vectors.keys.find(({ epoch }) => epoch === message.epoch)!.key
    const before = vectors.messages[index - 1]
    const isNext = before?.sequence === message.sequence - 1
    const previous = isNext ? before.tag.slice(0, 16) : ''
    expect(message.previous).toBe(previous)
    expect(message).toMatchObject(seal(message, key, previous))
  },
)
