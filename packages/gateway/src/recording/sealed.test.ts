import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decrypter, Encrypter } from 'age-encryption'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeIdentity, readIdentities, writeIdentity } from './identity.ts'
import { SealedFile } from './sealed.ts'
import { unseal } from './unseal.ts'

const CHUNK = 64 * 1024

let folder: string
let pair: { identity: string; recipient: string }
let number = 0

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-sealed-'))
  pair = await makeIdentity()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const fresh = (): string => join(folder, `${number++}.age`)

function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let i = 0; i < length; i++) bytes[i] = Math.imul(i, 2_654_435_761) >>> 24
  return bytes
}

async function sealed(plain: Buffer, recipients = [pair.recipient]): Promise<string> {
  const path = fresh()
  const file = await SealedFile.create(path, recipients)
  for (let at = 0; at < plain.length; at += 50_000) await file.write(plain.subarray(at, at + 50_000))
  await file.close()
  return path
}

async function opened(path: string): Promise<{ plain: Buffer; cut: boolean }> {
  const read = await unseal(path, [pair.identity])
  const plain = Buffer.concat([...read.chunks])
  return { plain, cut: read.cut }
}

test.each([1, 100, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 77])(
  '%i bytes come back, here and by the library',
  async length => {
    const plain = noise(length)
    const path = await sealed(plain)
    expect(await opened(path)).toEqual({ plain, cut: false })
    const decrypter = new Decrypter()
    decrypter.addIdentity(pair.identity)
    expect(Buffer.from(await decrypter.decrypt(readFileSync(path))).equals(plain)).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  },
)

test('what the library has sealed is read', async () => {
  const encrypter = new Encrypter()
  encrypter.addRecipient(pair.recipient)
  const path = fresh()
  writeFileSync(path, await encrypter.encrypt(noise(2 * CHUNK)))
  expect(await opened(path)).toEqual({ plain: noise(2 * CHUNK), cut: false })
})

describe('a file that was cut', () => {
  test.each([0, 1, 17, CHUNK + 16, CHUNK + 17, 2 * CHUNK])(
    'by %i bytes gives its whole chunks and says so',
    async missing => {
      const plain = noise(4 * CHUNK + 500)
      const whole = readFileSync(await sealed(plain))
      const path = fresh()
      writeFileSync(path, whole.subarray(0, whole.length - missing))
      const chunks =
        missing === 0 ? plain.length : Math.floor((4 * (CHUNK + 16) + 516 - missing) / (CHUNK + 16)) * CHUNK
      expect(await opened(path)).toEqual({ plain: plain.subarray(0, chunks), cut: missing > 0 })
    },
  )

  test('while it was written gives what was on disk', async () => {
    const path = fresh()
    const file = await SealedFile.create(path, [pair.recipient])
    await file.write(noise(2 * CHUNK + 10))
    await file.write(noise(1))
    while (file.size < 2 * CHUNK) await new Promise(resolve => setImmediate(resolve))
    expect(await opened(path)).toEqual({ plain: noise(2 * CHUNK), cut: true })
    await file.close()
  })
})

test.each([0, 5, 22, 60, 100])(
  'a file that ended after %i bytes, before its header was whole, has no chunks',
  async length => {
    const whole = readFileSync(await sealed(noise(10)))
    const path = fresh()
    writeFileSync(path, whole.subarray(0, length))
    expect(await opened(path)).toEqual({ plain: Buffer.alloc(0), cut: true })
  },
)

test('a changed byte is told, with the chunk where it stands', async () => {
  const path = await sealed(noise(3 * CHUNK))
  const bytes = readFileSync(path)
  bytes[bytes.length - 2 * CHUNK] ^= 1
  writeFileSync(path, bytes)
  await expect(opened(path)).rejects.toMatchObject({ code: 'recording_corrupt' })
})

test('another identity opens nothing, and what is no file of age is told apart', async () => {
  const other = await makeIdentity()
  const path = await sealed(noise(10))
  await expect(unseal(path, [other.identity])).rejects.toMatchObject({ code: 'recording_locked' })
  const both = await sealed(noise(10), [other.recipient, pair.recipient])
  expect((await opened(both)).plain).toEqual(noise(10))
  const plain = fresh()
  writeFileSync(plain, 'RINGWALL')
  await expect(unseal(plain, [pair.identity])).rejects.toMatchObject({ code: 'recording_unreadable' })
  await expect(unseal(folder, [pair.identity])).rejects.toMatchObject({ code: 'recording_unreadable' })
  await expect(unseal(fresh(), [pair.identity])).rejects.toMatchObject({ code: 'recording_unreadable' })
})

test('an identity is written once, for its owner only, and read again', () => {
  const file = join(folder, 'recording.key')
  writeIdentity(file, pair)
  expect([readIdentities(file), statSync(file).mode & 0o777]).toEqual([[pair.identity], 0o600])
  expect(() => writeIdentity(file, pair)).toThrow('file_unusable')
  writeFileSync(join(folder, 'other'), 'nothing')
  expect(() => readIdentities(join(folder, 'other'))).toThrow('file_unusable')
})
