import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bits, integer, octets, oid, sequence, set, tagged, utcTime, utf8, yes } from './der.ts'

// Written out by hand because three thousand devices must take seconds: openssl's command line needs a process each,
// and @peculiar/x509 a metadata polyfill that this workspace does not install.

/** A device's name, certificate and private key, both PEM. */
export interface Device {
  readonly id: string
  readonly cert: string
  readonly key: string
}

/** The file names that `issueAll` leaves in its folder. */
export const FILES = {
  ca: 'ca.pem',
  server: 'gateway.pem',
  serverKey: 'gateway.key',
  /** Certificate and key in one file, as haproxy wants them. */
  bundle: 'bundle.pem',
  devices: 'devices.json',
} as const

const DAY = 86_400_000
const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'

/** The name of device number `index`, from 1. */
export function deviceId(index: number): string {
  return `d${String(index).padStart(5, '0')}`
}

/**
 * Makes a P-256 authority, a server certificate for 127.0.0.1, and `count` devices (`d00001` …) whose certificates
 * carry the URI `urn:ringwall:bench:DEVICE`, the role in OU and the device in CN (mosquitto's user name). Keys are 0600.
 */
export function issueAll(folder: string, count: number, role = 'sensor'): readonly Device[] {
  const authority = new Authority('ringwall bench authority')
  const names = Buffer.concat([
    tagged(2, false, Buffer.from('localhost')),
    tagged(7, false, Buffer.from([127, 0, 0, 1])),
  ])
  const server = authority.issue(name(['2.5.4.3', 'ringwall bench']), SERVER_AUTH, names)
  const devices: Device[] = []
  for (let index = 1; index <= count; index++) {
    const id = deviceId(index)
    const uri = tagged(6, false, Buffer.from(`urn:ringwall:bench:${id}`))
    devices.push({ id, ...authority.issue(name(['2.5.4.11', role], ['2.5.4.3', id]), CLIENT_AUTH, uri) })
  }
  writeFileSync(join(folder, FILES.ca), authority.certificate)
  writeFileSync(join(folder, FILES.server), server.cert)
  writeSecret(join(folder, FILES.serverKey), server.key)
  writeSecret(join(folder, FILES.bundle), server.cert + server.key)
  writeSecret(join(folder, FILES.devices), JSON.stringify(devices))
  return devices
}

class Authority {
  readonly certificate: string
  readonly #subject: Buffer
  readonly #key: KeyObject
  readonly #keyId: Buffer
  #serial = 0x10_0000

  constructor(commonName: string) {
    const { publicKey, privateKey } = newKeys()
    this.#subject = name(['2.5.4.3', commonName])
    this.#key = privateKey
    this.#keyId = keyId(publicKey)
    this.certificate = this.#sign(this.#subject, publicKey, [
      extension('2.5.29.19', sequence(yes(), integer(0)), true),
      extension('2.5.29.15', bits(Buffer.from([0b0000_0110]), 1), true),
    ])
  }

  issue(subject: Buffer, usage: string, alternativeNames: Buffer): { cert: string; key: string } {
    const { publicKey, privateKey } = newKeys()
    const cert = this.#sign(subject, publicKey, [
      extension('2.5.29.19', sequence(), true),
      extension('2.5.29.15', bits(Buffer.from([0b1000_0000]), 7), true),
      extension('2.5.29.37', sequence(oid(usage))),
      extension('2.5.29.17', sequence(alternativeNames)),
    ])
    return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
  }

  #sign(subject: Buffer, publicKey: KeyObject, own: readonly Buffer[]): string {
    const extensions = [
      ...own,
      extension('2.5.29.14', octets(keyId(publicKey))),
      extension('2.5.29.35', sequence(tagged(0, false, this.#keyId))),
    ]
    const body = sequence(
      tagged(0, true, integer(2)),
      integer(this.#serial++),
      ECDSA_SHA256,
      this.#subject,
      sequence(utcTime(new Date(Date.now() - DAY)), utcTime(new Date(Date.now() + 7 * DAY))),
      subject,
      spki(publicKey),
      tagged(3, true, sequence(...extensions)),
    )
    const bytes = sequence(body, ECDSA_SHA256, bits(sign('sha256', body, this.#key)))
    const lines = bytes.toString('base64').replace(/.{64}(?=.)/g, '$&\n')
    return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
  }
}

function newKeys(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' })
}

/** RFC 7093: any identifier that is unique will do; a hash of the whole key info is. */
function keyId(key: KeyObject): Buffer {
  return createHash('sha256').update(spki(key)).digest().subarray(0, 20)
}

function name(...parts: readonly (readonly [string, string])[]): Buffer {
  return sequence(...parts.map(([type, value]) => set(sequence(oid(type), utf8(value)))))
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [yes()] : []), octets(value))
}

function writeSecret(path: string, content: string): void {
  writeFileSync(path, content, { mode: 0o600 })
}
