import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Ledger, WitnessFiles } from '../files/index.ts'
import { newOptions, numbered } from '../files/ledger.testkit.ts'
import { nodeHash, rootOf, type SubtreeHash } from '../merkle/index.ts'
import { readCheckpoint, readNote } from '../note/index.ts'
import { decodeEntries, tilePath } from '../tiles/index.ts'
import { LONGEST_REQUEST, Witness } from '../witness/index.ts'
import { boundedServer, ledgerView, witnessService } from './index.ts'

let folder: string
let server: Server | null = null

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-http-'))
})
afterEach(async () => {
  const closing = server
  server = null
  closing?.closeAllConnections()
  if (closing !== null) await new Promise(resolve => closing.close(resolve))
  rmSync(folder, { recursive: true, force: true })
})

async function listen(listener: Parameters<typeof boundedServer>[0]): Promise<number> {
  const made = boundedServer(listener)
  server = made
  await new Promise<void>(resolve => made.listen(0, '127.0.0.1', resolve))
  return (made.address() as AddressInfo).port
}

test('a client that knows nothing but tlog-tiles reads checkpoint, tiles and entries, and works out the root', async () => {
  const ledger = await Ledger.open(join(folder, 'log'), await newOptions())
  await ledger.append(numbered(0, 700))
  await ledger.close()
  const url = `http://127.0.0.1:${await listen(ledgerView(join(folder, 'log')))}`
  const checkpoint = await fetch(`${url}/checkpoint`)
  expect(checkpoint.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(checkpoint.headers.get('cache-control')).toBe('no-cache')
  const { size, root } = readCheckpoint(readNote(await checkpoint.text()).text)
  const tiles = await Promise.all(
    [256, 256, 188].map(async (width, index) => {
      const answer = await fetch(`${url}/${tilePath({ level: 0, index, width })}`)
      expect(answer.headers.get('content-type')).toBe('application/octet-stream')
      expect(answer.headers.get('cache-control')).toContain('immutable')
      return new Uint8Array(await answer.arrayBuffer())
    }),
  )
  const hashes = Buffer.concat(tiles)
  const hashOf: SubtreeHash = (level, index) =>
    level === 0
      ? hashes.subarray(32 * index, 32 * index + 32)
      : nodeHash(hashOf(level - 1, 2 * index), hashOf(level - 1, 2 * index + 1))
  expect(Buffer.from(rootOf(size, hashOf))).toEqual(Buffer.from(root))
  const bundle = new Uint8Array(await (await fetch(`${url}/tile/entries/002.p/188`)).arrayBuffer())
  expect(decodeEntries(bundle, 256).entries.map(each => Buffer.from(each))).toEqual(numbered(512, 188))
  const narrower = new Uint8Array(await (await fetch(`${url}/tile/0/002.p/17`)).arrayBuffer())
  expect(Buffer.from(narrower)).toEqual(hashes.subarray(512 * 32, 529 * 32))
})

test('no path leads out of the ledger, or to what is not for reading', async () => {
  const path = join(folder, 'log')
  await (await Ledger.open(path, await newOptions())).close()
  writeFileSync(join(folder, 'secret'), 'x')
  writeFileSync(join(path, 'lock'), 'x')
  const port = await listen(ledgerView(path))
  for (const url of [
    '/../secret',
    '/tile/../../secret',
    '/%2e%2e/secret',
    '/lock',
    '/checkpoint/',
    '/checkpoint?x',
    '/',
    '/pending-0',
    '//checkpoint',
    '/tile/0/000.p/../000',
    'checkpoint',
  ]) {
    // Not by fetch, which would tidy the path up.
    const status = await new Promise<number | undefined>((resolve, reject) =>
      request({ port, host: '127.0.0.1', path: url }, answer => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end(),
    ).catch(() => 400)
    expect([url, status === 404 || status === 400]).toEqual([url, true])
  }
  const posted = await fetch(`http://127.0.0.1:${port}/checkpoint`, { method: 'POST', body: 'x' })
  expect(posted.status).toBe(405)
})

test('a witness reads no request that is longer than one can be, and goes on', async () => {
  const witness = new Witness([], [], new WitnessFiles(folder), () => 0)
  const told: unknown[] = []
  const port = await listen(witnessService(witness, each => told.push(each)))
  const url = `http://127.0.0.1:${port}/add-checkpoint`
  const long = await fetch(url, { method: 'POST', body: 'x'.repeat(LONGEST_REQUEST + 1) }).then(
    ({ status }) => status,
    () => 413,
  )
  expect(long).toBe(413)
  expect((await fetch(url)).status).toBe(405)
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404)
  const socket = connect(port, '127.0.0.1')
  socket.end('POST /add-checkpoint HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nold')
  await text(socket)
  expect((await fetch(url, { method: 'POST', body: 'old 0\n' })).status).toBe(400)
  expect(told).toMatchObject([{ status: 400, code: 'request_malformed' }])
})
