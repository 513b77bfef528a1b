import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { Aedes } from 'aedes'
import { afterEach, expect, test } from 'vitest'
import { Authority } from '../identity/authority.ts'
import { probeBroker } from './probe.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

async function listen(server: Server, tls = false) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(() => server.close())
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, tls }
}

/** A server that does one thing with each connection. */
const serving = (act: (socket: Socket) => void) =>
  listen(
    createServer(socket => {
      open.push(() => socket.destroy())
      socket.on('error', () => {})
      act(socket)
    }),
  )

test('a real broker that takes anyone is found open, and sees one clean client', async () => {
  const broker = await Aedes.createBroker()
  const ids: string[] = []
  broker.on('client', client => ids.push(client.id))
  const address = await listen(createServer(broker.handle))
  open.unshift(() => new Promise<void>(done => broker.close(() => done())))
  expect(await probeBroker(address)).toMatchObject({
    answer: 'accepted',
    peer: '127.0.0.1',
    why: 'CONNACK with return code 0',
  })
  expect(ids).toEqual([expect.stringMatching(/^ringwall-[0-9a-f]{12}$/)])
})

test('a real broker that wants a password is found closed', async () => {
  const broker = await Aedes.createBroker({
    authenticate: (_, user, __, done) => done(null, user !== undefined && user !== null),
  })
  const address = await listen(createServer(broker.handle))
  open.unshift(() => new Promise<void>(done => broker.close(() => done())))
  expect(await probeBroker(address)).toMatchObject({ answer: 'refused' })
})

test.each<[string, (socket: Socket) => void, string]>([
  [
    'refuses in pieces',
    socket => void [socket.write(Buffer.from([0x20])), setTimeout(() => socket.write(Buffer.from([2, 0, 5])), 20)],
    'refused',
  ],
  ['closes at once', socket => void socket.destroy(), 'refused'],
  ['closes after the CONNECT', socket => void socket.once('data', () => socket.end()), 'refused'],
  ['speaks HTTP', socket => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), 'unclear'],
  ['says nothing', () => {}, 'unclear'],
  ['drips', socket => void socket.write(Buffer.from([0x20, 2])), 'unclear'],
])('what %s is told', async (_, act, answer) => {
  const begun = performance.now()
  expect(await probeBroker(await serving(act), { deadline: 300 })).toMatchObject({ answer })
  expect(performance.now() - begun).toBeLessThan(3_000)
})

test('nothing there is unreachable', async () => {
  const address = await listen(createServer())
  await open.pop()!()
  expect(await probeBroker(address)).toEqual({ answer: 'unreachable', why: 'ECONNREFUSED' })
  expect(await probeBroker({ host: 'nowhere.invalid', port: 1, tls: true })).toMatchObject({ answer: 'unreachable' })
})

test('over TLS: who wants a certificate refuses, who does not is open, and a wrong certificate is told', async () => {
  const authority = await Authority.create('mill-3')
  const ca = authority.root.certificate
  const pair = await authority.issueServer(['broker.example'])
  const serve = (options: TlsOptions) => {
    const server = createTlsServer({ cert: pair.certificate, key: pair.key, ...options }, socket => {
      socket.on('error', () => {})
      socket.once('data', () => socket.write(Buffer.from([0x20, 2, 0, 0])))
    })
    server.on('tlsClientError', () => {})
    return listen(server, true)
  }
  const anyone = await serve({})
  expect(await probeBroker(anyone, { ca, serverName: 'broker.example' })).toEqual({
    answer: 'accepted',
    why: 'CONNACK with return code 0',
    peer: '127.0.0.1',
  })
  expect(await probeBroker(anyone, { ca, serverName: 'other.example' })).toMatchObject({
    certificate: 'ERR_TLS_CERT_ALTNAME_INVALID',
  })
  expect(await probeBroker(anyone)).toMatchObject({ certificate: expect.any(String) })
  expect(await probeBroker(await serve({ requestCert: true, rejectUnauthorized: true, ca }))).toMatchObject({
    answer: 'refused',
  })
})
