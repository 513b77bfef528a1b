import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { systemCode } from '../base/error.ts'
import { makeIdentity } from './identity.ts'
import { SealedFile } from './sealed.ts'

const CHUNK = 64 * 1024
let room = 0

vi.mock(import('node:fs'), async original => {
  const fs = await original()
  const writeSync = ((file: number, bytes: Uint8Array, at: number) => {
    if (bytes.length > room) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    room -= bytes.length
    return fs.writeSync(file, bytes, at)
  }) as typeof fs.writeSync
  return { ...fs, writeSync }
})

const folder = mkdtempSync(join(tmpdir(), 'ringwall-full-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([0, 3 * CHUNK])(
  'a disk that is full after %i bytes is told as that, while writing and at the end',
  async bytes => {
    room = bytes
    const { recipient } = await makeIdentity()
    const file = await SealedFile.create(join(folder, String(bytes)), [recipient])
    const fill = async (): Promise<void> => {
      for (;;) await file.write(Buffer.alloc(CHUNK))
    }
    expect(systemCode(await fill().catch((error: unknown) => error))).toBe('ENOSPC')
    expect(systemCode(await file.close().catch((error: unknown) => error))).toBe('ENOSPC')
  },
)
