import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Device, FILES, issueAll } from './certificates.ts'
import { der, integer, oid } from './der.ts'

let folder = ''
let devices: readonly Device[] = []

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-bench-'))
  devices = issueAll(folder, 2)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('certificates, read by OpenSSL', () => {
  test('a device has its names, its key and its issuer', () => {
    const authority = new X509Certificate(readFileSync(join(folder, FILES.ca)))
    const cert = new X509Certificate(devices[1]!.cert)
    expect(cert.subject).toBe('OU=sensor\nCN=d00002')
    expect(cert.subjectAltName).toBe('URI:urn:ringwall:bench:d00002')
    expect(cert.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
    expect(cert.checkIssued(authority)).toBe(true)
    expect(cert.verify(authority.publicKey)).toBe(true)
    expect(cert.checkPrivateKey(createPrivateKey(devices[1]!.key))).toBe(true)
    expect([cert.ca, authority.ca]).toEqual([false, true])
    expect(cert.serialNumber).not.toBe(new X509Certificate(devices[0]!.cert).serialNumber)
  })

  test('the server stands for 127.0.0.1 and keys are for the owner alone', () => {
    expect(new X509Certificate(readFileSync(join(folder, FILES.server))).checkIP('127.0.0.1')).toBe('127.0.0.1')
    for (const secret of [FILES.serverKey, FILES.bundle, FILES.devices]) {
      expect(statSync(join(folder, secret)).mode & 0o777).toBe(0o600)
    }
  })
})

describe('DER', () => {
  test('integers are shortest and never read as negative', () => {
    expect([0, 127, 128, 65_535].map(value => integer(value).toString('hex'))).toEqual([
      '020100',
      '02017f',
      '02020080',
      '020300ffff',
    ])
  })

  test('long forms of a length, and an arc of several bytes', () => {
    expect(der(4, Buffer.alloc(200)).subarray(0, 3).toString('hex')).toBe('0481c8')
    expect(der(4, Buffer.alloc(300)).subarray(0, 4).toString('hex')).toBe('0482012c')
    expect(oid('1.2.840.10045.4.3.2').toString('hex')).toBe('06082a8648ce3d040302')
  })
})
