import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Authority, type Pair } from './authority.ts'
import { initAuthority, issueDevice, issueServer, openAuthority } from './folder.ts'

let folder: string
let pki: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-ca-'))
  pki = join(folder, 'pki')
  await initAuthority(pki, 'mill-3')
})
afterAll(() => rmSync(folder, { recursive: true }))

const openssl = (...args: string[]) =>
  execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
const mode = (file: string) => (statSync(file).mode & 0o777).toString(8)

describe('on disk', () => {
  test('openssl verifies what was issued, for its purpose only', async () => {
    const device = await issueDevice(pki, 'pump-1', ['sensor', 'actuator'])
    const server = await issueServer(pki, ['localhost', '127.0.0.1', '::1'])
    const verify = (purpose: string, file: string) =>
      openssl('verify', '-x509_strict', '-purpose', purpose, '-CAfile', join(pki, 'root.pem'), file)
    expect(verify('sslclient', device.certificate)).toContain('OK')
    expect(verify('sslserver', server.certificate)).toContain('OK')
    expect(() => verify('sslserver', device.certificate)).toThrow()
    expect(() => verify('sslclient', server.certificate)).toThrow()
    const text = openssl('x509', '-text', '-noout', '-in', device.certificate)
    expect(text).toContain('URI:urn:ringwall:mill-3:pump-1')
    expect(text).toMatch(/Subject:.*OU = sensor, OU = actuator/)
    expect(openssl('x509', '-text', '-noout', '-in', join(pki, 'root.pem'))).toMatch(/critical\s+CA:TRUE, pathlen:0/)
  })

  test('keys are private, nothing is overwritten, and the index tells', async () => {
    const { key, certificate } = await issueDevice(pki, 'pump-2', [])
    expect(mode(key)).toBe('600')
    expect(mode(join(pki, 'root.key'))).toBe('600')
    expect(mode(pki)).toBe('700')
    const before = readFileSync(key, 'utf8')
    await expect(issueDevice(pki, 'pump-2', [])).rejects.toMatchObject({ code: 'ca_file_exists' })
    await expect(initAuthority(pki, 'mill-3')).rejects.toMatchObject({ code: 'ca_file_exists' })
    expect(readFileSync(key, 'utf8')).toBe(before)
    const { serialNumber } = new X509Certificate(readFileSync(certificate))
    const lines = readFileSync(join(pki, 'index.jsonl'), 'utf8').trim().split('\n')
    expect(lines.map(line => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ kind: 'device', device: 'pump-2', serial: serialNumber.toLowerCase() }),
    )
    expect(mode(join(pki, 'index.jsonl'))).toBe('600')
  })

  test('a certificate in the way leaves no lone key behind', async () => {
    writeFileSync(join(pki, 'edge.pem'), 'mine')
    await expect(issueServer(pki, ['edge'], { file: 'edge' })).rejects.toMatchObject({ code: 'ca_file_exists' })
    expect(() => statSync(join(pki, 'edge.key'))).toThrow('ENOENT')
    expect(readFileSync(join(pki, 'edge.pem'), 'utf8')).toBe('mine')
  })

  test('a missing, open or foreign authority is refused', async () => {
    await expect(openAuthority(folder)).rejects.toMatchObject({ code: 'ca_missing' })
    const [one, other] = await Promise.all([Authority.create('a'), Authority.create('b')])
    await expect(Authority.load(one.root.certificate, other.root.key)).rejects.toMatchObject({ code: 'ca_unreadable' })
    const leaf = await one.issueDevice('x', [])
    await expect(Authority.load(leaf.certificate, leaf.key)).rejects.toMatchObject({ code: 'ca_unreadable' })
    await expect(Authority.load('x', 'y')).rejects.toMatchObject({ code: 'ca_unreadable' })
    await expect(issueServer(pki, ['x'], { file: '../x' })).rejects.toMatchObject({ code: 'ca_file' })
  })
})

describe('in memory', () => {
  test('names, roles and days that are none are refused', async () => {
    const authority = await Authority.create('mill-3')
    await expect(Authority.create('mill 3')).rejects.toMatchObject({ code: 'ca_site' })
    await expect(authority.issueDevice('../x', [])).rejects.toMatchObject({ code: 'ca_device' })
    await expect(authority.issueDevice('x', ['Sensor\nOU=a'])).rejects.toMatchObject({ code: 'ca_role' })
    await expect(authority.issueServer([])).rejects.toMatchObject({ code: 'ca_server_name' })
    await expect(authority.issueServer(['a b'])).rejects.toMatchObject({ code: 'ca_server_name' })
    for (const days of [0, -1, Number.NaN, 1e9, 3650.1]) {
      await expect(authority.issueDevice('x', [], { days })).rejects.toMatchObject({ code: 'ca_days' })
    }
  })

  test('serials are long, positive and differ', async () => {
    const authority = await Authority.create('mill-3')
    const pairs = await Promise.all(Array.from({ length: 20 }, () => authority.issueDevice('x', [])))
    expect(new Set(pairs.map(pair => pair.serial)).size).toBe(20)
    for (const { serial } of pairs) expect(serial).toMatch(/^[4-7][0-9a-f]{39}$/)
  })

  test('an authority that was loaded issues for its site, and both ends of TLS 1.3 believe it', async () => {
    const made = await Authority.create('mill-3')
    const authority = await Authority.load(made.root.certificate, made.root.key)
    expect(authority.site).toBe('mill-3')
    const server = await authority.issueServer(['localhost'])
    const device = await authority.issueDevice('pump-1', ['sensor'])
    const stranger = await (await Authority.create('mill-3')).issueDevice('pump-1', ['sensor'])
    expect(await handshake(made.root.certificate, server, device)).toBe('TLSv1.3 urn:ringwall:mill-3:pump-1')
    expect(await handshake(made.root.certificate, server, stranger)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    expect(await handshake(made.root.certificate, server, server)).toBe('INVALID_PURPOSE')
  })
})

/** One mutual handshake: what the server thought of the client, which got it as its greeting. */
async function handshake(ca: string, serving: Pair, asking: Pair): Promise<string> {
  const { certificate: cert, key } = serving
  const server = createServer({ cert, key, ca, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3' })
  server.on('secureConnection', (socket: TLSSocket) => {
    const name = socket.getPeerX509Certificate()?.subjectAltName?.replace('URI:', '')
    socket.end(socket.authorized ? `${socket.getProtocol()} ${name}` : String(socket.authorizationError))
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const socket = connect({
    port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca,
    cert: asking.certificate,
    key: asking.key,
  })
  try {
    return await new Promise<string>((done, fail) => {
      socket.on('data', chunk => done(String(chunk)))
      socket.on('error', fail)
    })
  } finally {
    socket.destroy()
    server.close()
  }
}
