import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer } from 'node:tls'
import { expect, test } from 'vitest'
import { FILES, issueAll } from '../base/certificates.ts'
import { recordLength, recordLengths, Vault } from './vault.ts'

test('kept records hold one write each, leave in one piece and are read by a TLS server', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringwall-bench-'))
  issueAll(folder, 0)
  const cert = readFileSync(join(folder, FILES.server))
  const server = createServer({ cert, key: readFileSync(join(folder, FILES.serverKey)) }).listen(0, '127.0.0.1')
  const received = new Promise<string>(resolve => {
    let text = ''
    server.on('secureConnection', socket =>
      socket.on('data', chunk => {
        text += chunk
        if (text.endsWith('4')) resolve(text)
      }),
    )
  })
  await new Promise(resolve => server.once('listening', resolve))
  const vault = new Vault(connectTcp((server.address() as AddressInfo).port, '127.0.0.1'))
  const ca = readFileSync(join(folder, FILES.ca))
  const tls = connect({ socket: vault, ca, servername: 'localhost', ciphers: 'TLS_AES_256_GCM_SHA384' })
  await new Promise(resolve => tls.once('secureConnect', resolve))
  vault.keep()
  for (const part of ['one 1', 'two 2', 'three 3', 'four 4']) {
    await new Promise(resolve => tls.write(part, () => resolve(undefined)))
  }
  const bytes = vault.release()
  expect(recordLengths(bytes)).toEqual([5, 5, 7, 6].map(recordLength))
  await vault.send(bytes)
  expect(await received).toBe('one 1two 2three 3four 4')
  tls.destroy()
  server.close()
  rmSync(folder, { recursive: true })
})

test('a record cut short, or of another type, is no load', () => {
  expect(() => recordLengths(Buffer.from([23, 3, 3, 0, 9, 1]))).toThrow('cut short')
  expect(() => recordLengths(Buffer.from([22, 3, 3, 0, 1, 1]))).toThrow('type 22')
})
