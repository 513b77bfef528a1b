import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { flowing } from './flowing.ts'

const PIECES = 40

test('nothing is lost or held back over pauses, and the end arrives', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sender = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [receiver] = (await once(server, 'connection')) as [Socket]
  flowing(receiver)
  const sent = randomBytes(3_000_000)
  const chunks: Buffer[] = []
  let pauses = 0
  receiver.on('data', chunk => {
    chunks.push(chunk as Buffer)
    if (chunks.length % 7 !== 0) return
    pauses++
    receiver.pause()
    setTimeout(() => receiver.resume(), chunks.length % 3)
  })
  const ended = once(receiver, 'end')
  for (let at = 0; at < sent.length; at += 100_000) {
    sender.write(sent.subarray(at, at + 100_000))
    if (at % 500_000 === 0) await sleep(2)
  }
  sender.end()
  await ended
  expect(Buffer.concat(chunks).equals(sent)).toBe(true)
  expect(pauses).toBeGreaterThan(0)
  server.close()
})

test('a paused reader makes its sender wait', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sender = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [receiver] = (await once(server, 'connection')) as [Socket]
  flowing(receiver)
  let received = 0
  receiver.on('data', chunk => {
    received += chunk.length
  })
  receiver.pause()
  const piece = Buffer.alloc(1_000_000)
  // More than the kernel's buffers hold.
  for (let i = 0; i < PIECES; i++) sender.write(piece)
  await sleep(100)
  expect(received).toBe(0)
  expect(receiver.readableLength).toBeLessThan(1_000_000)
  expect(sender.writableLength).toBeGreaterThan(0)
  receiver.resume()
  sender.end()
  await once(receiver, 'end')
  expect(received).toBe(PIECES * piece.length)
  server.close()
})
