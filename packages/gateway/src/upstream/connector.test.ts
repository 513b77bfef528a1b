import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { Authority, type Pair } from '../identity/authority.ts'
import { Connector, type ConnectorOptions } from './connector.ts'
import { startEmbeddedBroker } from './embedded.ts'
import type { Link } from './link.ts'
import { Slab } from './slab.ts'

let authority: Authority
let own: Pair
let device: Pair
let folder: string
const servers: Server[] = []
const sockets: Socket[] = []
const links: Link[] = []

beforeAll(async () => {
  authority = await Authority.create('mill-3')
  own = await authority.issueServer(['broker.example.com'])
  device = await authority.issueDevice('pump-1', [])
  folder = mkdtempSync(join(tmpdir(), 'ringwall-upstream-'))
  writeFileSync(join(folder, 'pump-1.pem'), device.certificate)
  writeFileSync(join(folder, 'pump-1.key'), device.key)
  writeFileSync(join(folder, 'pump-2.pem'), 'no certificate')
  writeFileSync(join(folder, 'pump-2.key'), 'no key')
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => {
  vi.unstubAllEnvs()
  for (const link of links.splice(0)) link.cut()
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const server of servers.splice(0)) server.close()
})

async function listening(server: Server): Promise<number> {
  servers.push(server)
  server.on('connection', socket => {
    socket.on('error', () => {})
    sockets.push(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A broker that shows the names of those who connect, or wants no certificate. */
const secure = (names: string[] = [], requestCert = false) =>
  listening(
    createTlsServer({ cert: own.certificate, key: own.key, ca: authority.root.certificate, requestCert }, socket => {
      socket.on('error', () => {})
      names.push(String(socket.getPeerCertificate().subject?.CN))
    }),
  )

/** `linked`, or the code of the error. */
async function reach(connector: Connector, who = 'pump-1'): Promise<string> {
  try {
    links.push(await connector.connect(who))
    return 'linked'
  } catch (error) {
    return error instanceof Error && 'code' in error ? `${error.code} ${error.message}` : String(error)
  }
}
const make = (port: number, tls?: ConnectorOptions['tls'], timeout = 10_000) =>
  new Connector({ host: '127.0.0.1', port, timeout, ...(tls === undefined ? {} : { tls }) }, new Slab())

describe('without TLS', () => {
  test('a link carries bytes both ways', async () => {
    const connector = make(await listening(createServer(socket => socket.pipe(socket))))
    expect(await reach(connector)).toBe('linked')
    const [link] = links
    const echoed = once(link.socket, 'data')
    link.send(Buffer.from('..hello..'), 2, 7)
    expect(String(await echoed)).toBe('hello')
  })

  test('a port where nobody listens is told', async () => {
    const server = createServer()
    const port = await listening(server)
    await new Promise(resolve => server.close(resolve))
    expect(await reach(make(port))).toMatch(/^upstream_unreachable .*ECONNREFUSED/)
  })

  test('a broker that failed is not asked again for a while, then it is', async () => {
    const server = createServer()
    const port = await listening(server)
    await new Promise(resolve => server.close(resolve))
    const connector = make(port)
    const now = vi.spyOn(performance, 'now').mockReturnValue(1_000)
    try {
      expect(await reach(connector)).toMatch(/^upstream_unreachable/)
      const again = createServer()
      servers.push(again)
      again.listen(port, '127.0.0.1')
      await once(again, 'listening')
      now.mockReturnValue(1_249)
      expect(await reach(connector)).toMatch(/^upstream_unreachable/)
      now.mockReturnValue(1_250)
      expect(await reach(connector)).toBe('linked')
    } finally {
      now.mockRestore()
    }
  })
})

describe('with TLS', () => {
  const ca = () => authority.root.certificate

  test('the name that must stand in the certificate is the configured one', async () => {
    const port = await secure()
    expect(await reach(make(port, { ca: ca(), serverName: 'broker.example.com' }))).toBe('linked')
    expect(await reach(make(port, { ca: ca(), serverName: 'other.example.com' }))).toMatch(
      /^upstream_certificate .*another host/,
    )
    expect(await reach(make(port, { ca: ca(), serverName: '127.0.0.1' }))).toMatch(
      /^upstream_certificate .*another host/,
    )
  })

  test('a broker of another authority is refused, also where the environment would switch verifying off', async () => {
    const port = await secure()
    const other = (await Authority.create('mill-3')).root.certificate
    const refused = /^upstream_certificate .*does not verify: no authority of upstream.ca/
    expect(await reach(make(port, { ca: other, serverName: 'broker.example.com' }))).toMatch(refused)
    expect(await reach(make(port, { serverName: 'broker.example.com' }))).toMatch(refused)
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    expect(await reach(make(port, { ca: other, serverName: 'broker.example.com' }))).toMatch(refused)
    expect(await reach(make(port, { ca: ca(), serverName: 'other.example.com' }))).toMatch(
      /^upstream_certificate .*another host/,
    )
  })

  test('a broker that never shakes hands is given up at the deadline', async () => {
    const port = await listening(createServer(() => {}))
    expect(await reach(make(port, { ca: ca(), serverName: 'broker.example.com' }, 50))).toMatch(/^upstream_timeout/)
  })

  test('a broker without TLS is no broker', async () => {
    const tls = { ca: ca(), serverName: 'broker.example.com' }
    const port = await listening(createServer(socket => void socket.end('hello, I am plain')))
    expect(await reach(make(port, tls))).toMatch(
      /^upstream_tls .*speaks no TLS here \(127\.0\.0\.1:\d+\)\. Write mqtt:/,
    )
    const shut = await listening(createServer(socket => void socket.once('data', () => socket.destroy())))
    expect(await reach(make(shut, tls))).toMatch(/^upstream_tls .*closed the connection in the TLS handshake/)
  })

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'a broker that wants a certificate says so without a word of OpenSSL (%s)',
    async maxVersion => {
      const { certificate: cert, key } = own
      const options = { cert, key, ca: authority.root.certificate, requestCert: true, maxVersion }
      const port = await listening(createTlsServer({ ...options, rejectUnauthorized: true }, () => {}))
      const told = await reach(make(port, { ca: ca(), serverName: 'broker.example.com' }))
      if (maxVersion === 'TLSv1.2') return expect(told).toMatch(/^upstream_client_certificate .*asks for a client/)
      const lost = new Promise<Error | null>(gone =>
        links[0]!.open({ data: () => {}, full: () => {}, drain: () => {}, gone }),
      )
      expect((await lost)?.message).toBe('the broker asks for a client certificate')
    },
  )

  test('each device shows its own certificate; one without or with a broken one troubles no other', async () => {
    const names: string[] = []
    const port = await secure(names, true)
    const connector = make(port, { ca: ca(), serverName: 'broker.example.com', folder })
    expect(await reach(connector, 'pump-3')).toMatch(/^upstream_client_certificate .*pump-3 \(ENOENT\)/)
    expect(await reach(connector, 'pump-2')).toMatch(/^upstream_client_certificate/)
    expect(await reach(connector, 'pump-1')).toBe('linked')
    await vi.waitFor(() => expect(names).toEqual(['pump-1']), 10_000)
  })
})

test('the embedded broker lets in who knows its password, and nobody else', async () => {
  const broker = await startEmbeddedBroker()
  const code = async (password: string) => {
    const socket = connect(broker.port, '127.0.0.1')
    socket.on('error', () => {})
    const field = (text: string) => Buffer.concat([Buffer.from([0, text.length]), Buffer.from(text)])
    const body = Buffer.concat([
      field('MQTT'),
      Buffer.from([4, password === '' ? 2 : 0xc2, 0, 60]),
      field('pump-1'),
      ...(password === '' ? [] : [field('pump-1'), field(password)]),
    ])
    socket.write(Buffer.concat([Buffer.from([0x10, body.length]), body]))
    const [answer] = (await once(socket, 'data')) as [Buffer]
    socket.destroy()
    return answer[3]
  }
  expect(await code(broker.password)).toBe(0)
  expect(await code('')).not.toBe(0)
  expect(await code('guess')).not.toBe(0)
  await broker.close()
})
