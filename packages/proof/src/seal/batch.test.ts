import { describe, expect, test } from 'vitest'
import { createSign1, signerOf } from '../cose/sign1.ts'
import { MOST_IN_BATCH, placeInBatch, type SealedMessage, signBatch, verifyBatch } from './batch.ts'
import { sealKey } from './keys.ts'
import { Sealer } from './sealer.ts'

const ascii = (text: string) => new TextEncoder().encode(text)
const code = (name: string) => expect.objectContaining({ code: name })
const NOW = 1_795_000_000_123
const sealer = new Sealer(sealKey(new Uint8Array(32), 'pump-1', 1), 1)

function message(text: string): SealedMessage {
  const payload = ascii(text)
  return { secured: sealer.seal('plant/pump-1/event', payload, NOW).secured, topic: 'plant/pump-1/event', payload }
}

const messages = ['started', 'tripped', 'started'].map(message)

describe.each([
  ['Ed25519', 'Ed25519'],
  ['ES256', { name: 'ECDSA', namedCurve: 'P-256' }],
] as const)('%s', (_, kind) => {
  async function pair() {
    const made = await crypto.subtle.generateKey(kind as 'Ed25519', true, ['sign', 'verify'])
    if (!('privateKey' in made)) throw new Error('one key is no pair')
    return made
  }

  test('each message is found in its place, and no other is', async () => {
    const { privateKey, publicKey } = await pair()
    const batch = await verifyBatch(publicKey, await signBatch(signerOf(privateKey), 'pump-1', messages, NOW))
    expect(batch).toMatchObject({ device: 'pump-1', time: 1_795_000_000 })
    expect(messages.map(each => placeInBatch(batch, each))).toEqual([0, 1, 2])
    expect(placeInBatch(batch, { ...messages[1], payload: ascii('running') })).toBe(-1)
    expect(placeInBatch(batch, { ...messages[1], topic: 'plant/pump-2/event' })).toBe(-1)
    expect(placeInBatch(batch, { ...messages[1], secured: messages[0].secured })).toBe(-1)
  })

  test("another's key, a changed byte, and something else that the key has signed are refused", async () => {
    const { privateKey, publicKey } = await pair()
    const signed = await signBatch(signerOf(privateKey), 'pump-1', messages, NOW)
    await expect(verifyBatch((await pair()).publicKey, signed)).rejects.toThrow(code('cose_signature'))
    const changed = signed.with(signed.length - 80, signed[signed.length - 80] ^ 1)
    await expect(verifyBatch(publicKey, changed)).rejects.toThrow(code('cose_signature'))
    const elsewhere = await createSign1(signerOf(privateKey), ascii('x'), new Map())
    await expect(verifyBatch(publicKey, elsewhere)).rejects.toThrow(code('cose_signature'))
    const external = ascii('ringwall/seal/v1/batch')
    const bare = await createSign1(signerOf(privateKey), ascii('x'), new Map(), { external })
    await expect(verifyBatch(publicKey, bare)).rejects.toThrow(code('batch_malformed'))
  })

  test('a batch has messages, and not too many', async () => {
    const { privateKey } = await pair()
    const many = new Array<SealedMessage>(MOST_IN_BATCH + 1).fill(messages[0])
    for (const each of [[], many]) {
      expect(() => signBatch(signerOf(privateKey), 'pump-1', each, NOW)).toThrow(code('batch_size'))
    }
  })
})
