import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Kind, noteSignerOf, verifierOf } from '../note/index.ts'
import { Ledger, LedgerReader, verifyFolder } from './index.ts'
import { numbered, ORIGIN } from './ledger.testkit.ts'

const ROUNDS = 10

test('ten kills during appends lose no acknowledged entry, and the ledger opens each time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringwall-ledger-'))
  const made = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  if (!('privateKey' in made)) throw new Error('one key is no pair')
  const jwk = await crypto.subtle.exportKey('jwk', made.privateKey)
  const verifier = await verifierOf(ORIGIN, Kind.ed25519, Buffer.from(jwk.x ?? '', 'base64url'))
  let acknowledged = 0
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const before = acknowledged
      const script = join(import.meta.dirname, 'crash.testkit.ts')
      const child = spawn(process.execPath, [script, folder, JSON.stringify(jwk), String(round)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const least = 3 + round
      let told = ''
      child.stdout.on('data', (chunk: Buffer) => {
        told += chunk
        const lines = told.split('\n').slice(0, -1)
        // The instant of the kill falls somewhere into the commit that follows.
        if (lines.length >= least) setTimeout(() => child.kill('SIGKILL'), round / 3)
      })
      await once(child, 'close')
      acknowledged = Number(told.split('\n').at(-2))
      expect(acknowledged).toBeGreaterThan(before)
      const found = await verifyFolder(folder, [verifier])
      expect(found.ok && found.size).toBeGreaterThanOrEqual(acknowledged)
      // In rounds that sign late the last entries may be unsigned until the next opening.
      if (round % 2 === 0) expect(new LedgerReader(folder).checkpoint.size).toBeGreaterThanOrEqual(acknowledged)
    }
    const signer = noteSignerOf(ORIGIN, Kind.ed25519, made.privateKey, Buffer.from(jwk.x ?? '', 'base64url'))
    await (await Ledger.open(folder, { origin: ORIGIN, signer, verifier })).close()
    expect(new LedgerReader(folder).checkpoint.size).toBeGreaterThanOrEqual(acknowledged)
    for (const [index, entry] of new LedgerReader(folder).entries())
      expect(Buffer.from(entry)).toEqual(numbered(index, 1)[0])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
