import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { signedBytes } from './cosigned.ts'
import { Kind, readVerifier, signerOf, type Verifier, verifierOf, verifierText } from './keys.ts'
import { readNote, signNote, verifyNote, writeNote } from './note.ts'

/** The example of Go's package golang.org/x/mod/sumdb/note. */
const KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const NOTE = `${TEXT}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`
const code = (name: string) => expect.objectContaining({ code: name })

async function pair(name: string, kind: Kind) {
  const made = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  if (!('privateKey' in made)) throw new Error('one key is no pair')
  const key = new Uint8Array(await crypto.subtle.exportKey('raw', made.publicKey))
  return { key, signer: signerOf(name, kind, made.privateKey, key), verifier: await verifierOf(name, kind, key) }
}

describe("Go's example", () => {
  test('holds, and is written as it was read', async () => {
    const verifier = await readVerifier(KEY)
    const note = readNote(NOTE)
    expect(await verifyNote(note, [verifier])).toEqual([{ verifier, time: 0 }])
    expect(writeNote(note)).toBe(NOTE)
  })

  test('holds for no other text, and is nothing to who does not believe the key', async () => {
    const verifier = await readVerifier(KEY)
    await expect(verifyNote(readNote(NOTE.replace('your', 'my')), [verifier])).rejects.toThrow(code('note_signature'))
    expect(await verifyNote(readNote(NOTE), [])).toEqual([])
  })
})

test.each([
  [KEY.replace('c74f', 'c74e')],
  [KEY.replace('Peter', 'Petra')],
  [KEY.slice(0, -1)],
  [KEY.replace('ARpc', 'AxpC')],
  ['x'],
  [`a b+${KEY}`],
])('%s is no verifier key', async text => {
  await expect(readVerifier(text)).rejects.toThrow(code('note_key'))
})

test.each([
  ['no empty line', 'a\n— b AAAAAAA=\n'],
  ['no signature', 'a\n\n'],
  ['half a line', 'a\n\n— b AAAAAAA='],
  ['another dash', 'a\n\n- b AAAAAAA=\n'],
  ['no base64', 'a\n\n— b AAAAAA!=\n'],
  ['base64 with bits left over', 'a\n\n— b AAAAAAB=\n'],
  ['a short signature', 'a\n\n— b AAAA\n'],
  ['a control character', 'a\u001b[2K\n\n— b AAAAAAA=\n'],
])('a note with %s is refused', (_, text) => {
  expect(() => readNote(text)).toThrow(code('note_malformed'))
})

describe('a checkpoint', () => {
  const checkpoint = {
    origin: 'ringwall/mill-3/audit',
    size: 17,
    root: new Uint8Array(32).fill(9),
    extensions: ['x y'],
  }

  test('is read as it was written', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (number, root) => {
        const each = { ...checkpoint, size: Math.abs(number), root }
        expect(readCheckpoint(writeCheckpoint(each))).toEqual(each)
      }),
      { seed: 41, numRuns: 200 },
    )
  })

  test.each([
    ['017', '17'],
    ['-1', '17'],
    ['1e3', '17'],
    ['9007199254740993', '17'],
    ['CQkJ', 'CQkJCQkJ'],
    ['\n\n', '\nx y\n'],
  ])('with %j is refused', (to, from) => {
    const text = writeCheckpoint(checkpoint).replace(from, to)
    expect(() => readCheckpoint(text)).toThrow(code('checkpoint_malformed'))
  })

  test('is signed by its log and by a witness, who says when', async () => {
    const text = writeCheckpoint(checkpoint)
    const [log, witness] = [await pair('mill-3', Kind.ed25519), await pair('witness.example', Kind.cosignature)]
    const signatures = [await signNote(text, log.signer), await signNote(text, witness.signer, 1_795_000_000)]
    const note = readNote(writeNote({ text, signatures }))
    const verifiers: Verifier[] = [await readVerifier(verifierText('mill-3', Kind.ed25519, log.key)), witness.verifier]
    expect((await verifyNote(note, verifiers)).map(({ time }) => time)).toEqual([0, 1_795_000_000])
    // Another time is another text.
    const later = note.signatures.map(({ name, id, bytes }) => ({ name, id, bytes: bytes.with(7, bytes[7] ^ 1) }))
    await expect(verifyNote({ text, signatures: later.slice(1) }, verifiers)).rejects.toThrow(code('note_signature'))
  })
})

const ml = 'ML-DSA-44' as 'Ed25519'
const hasMlDsa = await crypto.subtle.generateKey(ml, true, ['sign', 'verify']).then(
  () => true,
  () => false,
)

test.skipIf(!hasMlDsa && process.env['CI'] !== 'true')(
  'a witness cosigns by ML-DSA-44: name, time, origin, size and root, as the structure has them',
  async () => {
    const made = await crypto.subtle.generateKey(ml, true, ['sign', 'verify'])
    if (!('privateKey' in made)) throw new Error('one key is no pair')
    const key = new Uint8Array(await crypto.subtle.exportKey('raw-public' as 'raw', made.publicKey))
    const signer = signerOf('w.example', Kind.mlDsaCosignature, made.privateKey, key)
    const verifier = await readVerifier(verifierText('w.example', Kind.mlDsaCosignature, key))
    const text = writeCheckpoint({ origin: 'log', size: 3, root: new Uint8Array(32).fill(7), extensions: [] })
    const signature = await signNote(text, signer, 9)
    expect(signature.bytes.length).toBe(8 + 2_420)
    expect(await verifyNote({ text, signatures: [signature] }, [verifier])).toEqual([{ verifier, time: 9 }])
    // An extension is not in what is signed; the size is.
    expect(await verifyNote({ text: `${text}x\n`, signatures: [signature] }, [verifier])).toHaveLength(1)
    const other = text.replace('\n3\n', '\n4\n')
    await expect(verifyNote({ text: other, signatures: [signature] }, [verifier])).rejects.toThrow(
      code('note_signature'),
    )
    const message =
      `${Buffer.from('subtree/v1\n\0').toString('hex')}09${Buffer.from('w.example').toString('hex')}0000000000000009` +
      `03${Buffer.from('log').toString('hex')}00000000000000000000000000000003${'07'.repeat(32)}`
    expect(Buffer.from(signedBytes(text, signer, 9)).toString('hex')).toBe(message)
  },
)
