import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { makeConfig } from '../config/index.ts'
import { Authority, type Pair } from '../identity/authority.ts'
import { checkBroker } from './check-broker.ts'
import { connectPacket } from './probe.ts'

let folder: string
let authority: Authority
let own: Pair
const open: (() => unknown)[] = []

const put = (name: string, text: string) => {
  writeFileSync(join(folder, name), text, { mode: 0o600 })
  return name
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-broker-'))
  authority = await Authority.create('mill-3')
  own = await authority.issueServer(['broker.example'])
  const foreign = await Authority.create('mill-3')
  const pairs = {
    own,
    gateway: await authority.issueDevice('gateway', []),
    odd: await foreign.issueDevice('gateway', []),
  }
  for (const [name, { certificate, key }] of Object.entries(pairs)) {
    put(`${name}.pem`, certificate)
    put(`${name}.key`, key)
  }
  put('root.pem', authority.root.certificate)
  put('foreign.pem', foreign.root.certificate)
  put('pw', 'secret\n')
  mkdirSync(join(folder, 'devices'))
  put('devices/pump-1.pem', pairs.gateway.certificate)
  put('devices/pump-1.key', pairs.gateway.key)
  mkdirSync(join(folder, 'none'))
})
afterEach(() => {
  for (const close of open.splice(0)) close()
})
afterAll(() => rmSync(folder, { recursive: true }))

async function listen(server: Server): Promise<number> {
  server.on('connection', (socket: Socket) => {
    socket.on('error', () => {})
    open.push(() => socket.destroy())
  })
  server.on('tlsClientError', () => {})
  open.push(() => server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Takes these CONNECTs (by user name and password) and answers all others with a code. */
const users =
  (known: string[], code = 5) =>
  (socket: Socket) => {
    socket.on('error', () => {})
    socket.once('data', (bytes: Buffer) => {
      const good = known.some(each => bytes.includes(Buffer.from(each)))
      socket.end(Buffer.from([0x20, 2, 0, good ? 0 : code]))
    })
  }
const plain = (...known: string[]) => listen(createServer(users(known)))
const secure = (options: TlsOptions = {}, ...known: string[]) =>
  listen(createTlsServer({ cert: own.certificate, key: own.key, ...options }, users(known)))
const mutual = () => ({ requestCert: true, rejectUnauthorized: true, ca: authority.root.certificate })

function check(upstream: object) {
  const site = {
    site: 'mill-3',
    listen: { mqtts: { certificate: 'own.pem', key: 'own.key' } },
    identity: { anchors: [{ ca: 'root.pem' }] },
    upstream: { connectTimeout: '2s', ...upstream },
  }
  return checkBroker(makeConfig(site, join(folder, 'ringwall.yaml')))
}
const at = (port: number, tls = false) => ({ url: `${tls ? 'mqtts' : 'mqtt'}://127.0.0.1:${port}` })
const known = { ca: 'root.pem', serverName: 'broker.example' }
const codes = ({ errors, warnings }: Awaited<ReturnType<typeof check>>) => [
  ...errors.map(({ code, what }) => `error ${code}: ${what}`),
  ...warnings.map(({ code, what }) => `warning ${code}: ${what}`),
]

test('the CONNECT carries user name and password, and a length of two bytes', () => {
  const bytes = connectPacket({ clientId: 'a'.repeat(120), username: 'u', password: 'p' })
  expect([...bytes.subarray(0, 3)]).toEqual([0x10, 0x80 + ((138 - 128) & 0x7f), 1])
  expect(bytes.length).toBe(3 + 138)
  expect([...bytes.subarray(-6)]).toEqual([0, 1, 0x75, 0, 1, 0x70])
})

test('one user for the gateway that the broker knows is good', async () => {
  const report = await check({ ...at(await plain('secret')), username: 'gateway', passwordFile: 'pw' })
  expect(report).toEqual({ errors: [], warnings: [], tried: ['strangers are refused', 'the gateway is admitted'] })
})

test('one user for the gateway that the broker refuses is an error', async () => {
  const report = await check({ ...at(await plain()), username: 'gateway', passwordFile: 'pw' })
  expect(codes(report)).toEqual([
    expect.stringMatching(/^error gateway_refused: .*gateway \(not authorized, return code 5/),
  ])
  expect(report.tried).toEqual([])
})

test('a user for each device that cannot be tried is a warning with the ways out', async () => {
  const report = await check({ ...at(await plain()), passwordFile: 'pw' })
  expect(codes(report)).toEqual([expect.stringMatching(/^warning gateway_unproven: .*ringwall-check/)])
  expect(report.warnings[0]?.hint).toContain('or set upstream.username')
})

test('what is spoken at the port is told, whichever way it is wrong', async () => {
  expect(codes(await check(at(await secure())))).toEqual(['error upstream_tls: the broker speaks TLS here'])
  expect(codes(await check({ ...at(await plain(), true), ...known }))).toEqual([
    expect.stringMatching(/^error upstream_tls: the broker speaks no TLS here/),
  ])
  const shut = await listen(
    createServer(socket =>
      socket.once('data', bytes => (bytes[0] === 0x10 ? socket.end(Buffer.from([0x20, 2, 0, 5])) : socket.destroy())),
    ),
  )
  expect(codes(await check({ ...at(shut, true), ...known }))).toEqual([
    expect.stringMatching(/^error upstream_tls: the broker speaks no TLS here/),
  ])
})

test('a certificate of the broker that does not verify is told with its reason', async () => {
  const port = await secure({}, 'ringwall-check')
  expect(codes(await check({ ...at(port, true), ca: 'foreign.pem' }))[0]).toMatch(
    /^error upstream_certificate: .*no authority of upstream.ca/,
  )
  expect(codes(await check({ ...at(port, true), ca: 'root.pem' }))[0]).toMatch(
    /^error upstream_certificate: .*names another host/,
  )
})

test.each(['TLSv1.2', 'TLSv1.3'] as const)('a broker that wants a certificate (%s)', async maxVersion => {
  const port = await secure({ ...mutual(), maxVersion }, 'ringwall-check', 'pump-1')
  const url = { ...at(port, true), ...known }
  expect(codes(await check(url))[0]).toMatch(/^error upstream_client_certificate: the broker asks for a client/)
  expect(await check({ ...url, certificate: 'gateway.pem', key: 'gateway.key' })).toMatchObject({
    errors: [],
    warnings: [],
    tried: ['strangers are refused', 'the gateway is admitted'],
  })
  const odd = await check({ ...url, certificate: 'odd.pem', key: 'odd.key' })
  expect(odd.tried).not.toContain('the gateway is admitted')
  expect(codes(odd)).toEqual([expect.stringMatching(/gateway's certificate|TLS handshake/)])
  const pairs = { ...url, identity: 'certificate', certificates: 'devices' }
  expect(await check(pairs)).toMatchObject({ errors: [], warnings: [] })
  expect(await check({ ...pairs, certificates: 'none' })).toMatchObject({ errors: [], warnings: [] })
})

test('nothing there is a warning that says so, once', async () => {
  const server = createServer()
  const port = await listen(server)
  await new Promise(resolve => server.close(resolve))
  expect(codes(await check(at(port)))).toEqual([
    expect.stringMatching(
      /^warning broker_unreachable: the broker cannot be reached: nothing listens there, ECONNREFUSED/,
    ),
  ])
})

test('a broker that is not available says nothing of the gateway', async () => {
  const port = await listen(createServer(users([], 3)))
  expect(codes(await check(at(port)))).toEqual([expect.stringMatching(/^warning broker_unclear: .*return code 3/)])
})
