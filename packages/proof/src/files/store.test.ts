import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { encodeEntries } from '../tiles/index.ts'
import { type Disk, disk } from './disk.ts'
import { newOptions, numbered } from './ledger.testkit.ts'
import { Store } from './store.ts'
import { verifyFolder } from './verify.ts'

test('a cosignature that comes while a journal begins waits, and puts no older checkpoint over a newer one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringwall-store-'))
  const { origin, signer, verifier } = await newOptions()
  let gate: Promise<void> = Promise.resolve()
  const slow: Disk = {
    ...disk,
    async open(path) {
      await gate
      return await disk.open(path)
    },
  }
  try {
    const sizes: number[] = []
    const published = Promise.withResolvers<void>()
    const store = await Store.begin({
      folder,
      origin,
      signer,
      disk: slow,
      onPublished: note => {
        sizes.push(Number(note.split('\n')[1]))
        if (sizes.length === 2) published.resolve()
      },
    })
    await store.commit(encodeEntries(numbered(0, 300)))
    await store.step()
    // Nothing is published beside it: this resolves when that is.
    expect(await store.cosign('another\n0\n\n')).toBe(false)
    const first = readFileSync(join(folder, 'checkpoint'), 'utf8')
    await store.commit(encodeEntries(numbered(300, 300)))
    const { promise, resolve } = Promise.withResolvers<void>()
    gate = promise
    const stepping = store.step()
    const cosigning = store.cosign(first)
    resolve()
    await stepping
    expect(await cosigning).toBe(false)
    await published.promise
    expect(sizes).toEqual([300, 600])
    expect(readFileSync(join(folder, 'checkpoint'), 'utf8').split('\n')[1]).toBe('600')
    await store.close()
    expect(await verifyFolder(folder, [verifier])).toMatchObject({ ok: true, size: 600 })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
