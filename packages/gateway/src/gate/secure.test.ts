import { once } from 'node:events'
import { type AddressInfo, connect as connectTcp, createServer as createTcpServer } from 'node:net'
import { type ConnectionOptions, connect, createServer, type Server, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Authority, type Pair } from '../identity/authority.ts'
import { tlsOptions } from './secure.ts'

let authority: Authority
let device: Pair
let server: Server

beforeAll(async () => {
  authority = await Authority.create('mill-3')
  device = await authority.issueDevice('pump-1', ['sensor'])
  const own = await authority.issueServer(['localhost', '127.0.0.1'])
  const credentials = { certificate: own.certificate, key: own.key, anchors: [authority.root.certificate] }
  server = createServer(tlsOptions(credentials, 10_000), socket => {
    socket.on('error', () => {})
    socket.end('hello')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => server.close())

const closed = (socket: TLSSocket) => new Promise<void>(resolve => socket.once('close', () => resolve()))

/** Shakes hands as a client with these options; what was agreed on, or the code of the failure. */
async function shake(options: ConnectionOptions = {}): Promise<{ socket: TLSSocket; agreed: string }> {
  const { port } = server.address() as AddressInfo
  const { certificate: cert, key } = device
  const socket = connect({ host: '127.0.0.1', port, ca: authority.root.certificate, cert, key, ...options })
  let agreed = ''
  socket.on('secureConnect', () => {
    agreed = `${socket.getProtocol()} ${socket.getCipher().name}`
  })
  socket.on('error', error => {
    agreed = `failed ${'code' in error ? error.code : error.message}`
  })
  socket.resume()
  await closed(socket)
  return { socket, agreed }
}

describe('versions', () => {
  test('1.3 is taken first, 1.2 from those that know no better', async () => {
    expect((await shake()).agreed).toMatch(/^TLSv1\.3 TLS_/)
    expect((await shake({ maxVersion: 'TLSv1.2' })).agreed).toMatch(/^TLSv1\.2 ECDHE-ECDSA-/)
  })

  test.each(['TLSv1.1', 'TLSv1'] as const)('%s is refused', async version => {
    // Without this the client's own OpenSSL would not even offer it.
    const options = { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' } as const
    expect((await shake(options)).agreed).toMatch(/^failed ERR_SSL_.*ALERT_PROTOCOL_VERSION/)
  })
})

describe('ciphers', () => {
  const twelve = (ciphers: string) => shake({ maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0` })

  test.each(['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-ECDSA-AES128-GCM-SHA256'])(
    '%s is taken in TLS 1.2',
    async name => expect((await twelve(name)).agreed).toBe(`TLSv1.2 ${name}`),
  )

  test.each([
    ['without forward secrecy', 'AES256-GCM-SHA384'],
    ['in CBC mode', 'ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA'],
    ['with finite fields', 'DHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256'],
    ['without authentication', 'AECDH-AES256-SHA:ADH-AES256-GCM-SHA384'],
    ['without encryption', 'ECDHE-ECDSA-NULL-SHA:NULL-SHA256'],
    ['with truncated tags', 'ECDHE-ECDSA-AES256-CCM8'],
  ])('%s are refused', async (_, names) => {
    expect((await twelve(names)).agreed).toMatch(/^failed ERR_SSL_.*ALERT_HANDSHAKE_FAILURE/)
  })

  test('of TLS 1.3 all three are AEAD; the one with truncated tags is refused', async () => {
    for (const name of ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256']) {
      expect((await shake({ ciphers: name, minVersion: 'TLSv1.3' })).agreed).toBe(`TLSv1.3 ${name}`)
    }
    const short = await shake({ ciphers: 'TLS_AES_128_CCM_8_SHA256:ALL:@SECLEVEL=0', minVersion: 'TLSv1.3' })
    expect(short.agreed).toMatch(/^failed ERR_SSL_.*ALERT_HANDSHAKE_FAILURE/)
  })
})

describe('groups', () => {
  test.each([
    ['X25519', 'X25519'],
    ['P-256', 'prime256v1'],
    ['P-384', 'secp384r1'],
  ])('%s is taken from those that know no hybrid', async (ecdhCurve, name) => {
    const { port } = server.address() as AddressInfo
    const { certificate: cert, key } = device
    const socket = connect({ host: '127.0.0.1', port, ca: authority.root.certificate, cert, key, ecdhCurve })
    await once(socket, 'secureConnect')
    expect(socket.getEphemeralKeyInfo()).toMatchObject({ type: 'ECDH', name })
    socket.destroy()
  })

  /** The group that the server chose, from the key_share of its ServerHello (RFC 8446, 4.2.8), which goes in the clear. */
  async function chosen(ecdhCurve?: string): Promise<string | undefined> {
    let hello = Buffer.alloc(0)
    const relay = createTcpServer(inward => {
      const outward = connectTcp((server.address() as AddressInfo).port, '127.0.0.1')
      outward.on('data', (chunk: Buffer) => {
        hello = Buffer.concat([hello, chunk])
      })
      for (const socket of [inward, outward]) socket.on('error', () => {})
      inward.pipe(outward).pipe(inward)
    }).listen(0, '127.0.0.1')
    await once(relay, 'listening')
    const { port } = relay.address() as AddressInfo
    const { agreed } = await shake({ port, minVersion: 'TLSv1.3', ...(ecdhCurve === undefined ? {} : { ecdhCurve }) })
    expect(agreed).toMatch(/^TLSv1\.3/)
    relay.close()
    // Of a HelloRetryRequest and a ServerHello the latter counts.
    return [...hello.toString('hex').matchAll(/0033[0-9a-f]{4}(11ec|001d|0017|0018)/g)].at(-1)?.[1]
  }

  test('the hybrid of ML-KEM-768 and X25519 is chosen wherever a client begins with it, as Node and OpenSSL do', async () => {
    expect(await chosen()).toBe('11ec')
    expect(await chosen('X25519MLKEM768')).toBe('11ec')
    expect(await chosen('X25519MLKEM768:X25519')).toBe('11ec')
    expect(await chosen('X25519')).toBe('001d')
  })

  test('a client that knows the hybrid, but begins with a classical group, is asked for the hybrid', async () => {
    expect(await chosen('X25519:X25519MLKEM768')).toBe('11ec')
  })

  test('smaller or odd curves alone are refused', async () => {
    expect((await shake({ ecdhCurve: 'secp224r1', ciphers: 'ALL:@SECLEVEL=0', maxVersion: 'TLSv1.2' })).agreed).toMatch(
      /^failed/,
    )
    expect((await shake({ ecdhCurve: 'brainpoolP256r1', maxVersion: 'TLSv1.2' })).agreed).toMatch(/^failed/)
  })
})

test('no session is resumed: each connection proves again who it is', async () => {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const sessions: Buffer[] = []
    const { port } = server.address() as AddressInfo
    const { certificate: cert, key } = device
    const options = {
      host: '127.0.0.1',
      port,
      ca: authority.root.certificate,
      cert,
      key,
      maxVersion: version,
      minVersion: version,
    }
    const first = connect(options)
    first.on('session', session => sessions.push(session))
    first.resume()
    await closed(first)
    for (const session of sessions) {
      const second = connect({ ...options, session })
      await once(second, 'secureConnect')
      expect(second.isSessionReused()).toBe(false)
      second.destroy()
    }
  }
})
