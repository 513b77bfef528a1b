import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { type Device, FILES } from '../base/certificates.ts'
import { CIPHER, GROUP } from '../base/tls.ts'
import { connectFrame, Frames, TYPE } from './frames.ts'

/** Which devices of the pool a load uses, and where they go. */
export interface Party {
  /** Folder of the certificates. */
  readonly folder: string
  readonly port: number
  /** Index of the first device, from 0, and how many. */
  readonly first: number
  readonly count: number
  /** Key exchange group; X25519 unless told. */
  readonly group?: string
}

let pool: { folder: string; ca: string; devices: readonly Device[] } | null = null

/** The devices of a party, read once a process. */
export function devicesOf(party: Party): readonly Device[] {
  if (pool?.folder !== party.folder) {
    const devices = JSON.parse(readFileSync(join(party.folder, FILES.devices), 'utf8')) as readonly Device[]
    pool = { folder: party.folder, ca: readFileSync(join(party.folder, FILES.ca), 'utf8'), devices }
  }
  const devices = pool.devices.slice(party.first, party.first + party.count)
  if (devices.length !== party.count) throw new Error(`only ${pool.devices.length} devices have certificates`)
  return devices
}

/** The options with which a device of the party speaks TLS 1.3: one cipher and one group, no resumption. */
export function tlsOptions(party: Party, device: Device): ConnectionOptions {
  return {
    host: '127.0.0.1',
    port: party.port,
    ca: pool!.ca,
    cert: device.cert,
    key: device.key,
    minVersion: 'TLSv1.3',
    ciphers: CIPHER,
    ecdhCurve: party.group ?? GROUP,
    servername: 'localhost',
  }
}

/** Says in what a connection differs from what all must speak, so that nobody compares two ciphers; null if in nothing. */
export function disagreement(tls: TLSSocket, party: Party): string | null {
  const key = tls.getEphemeralKeyInfo()
  const group = key !== null && 'name' in key ? key.name : 'unknown'
  const cipher = tls.getCipher().standardName
  if (tls.getProtocol() !== 'TLSv1.3' || cipher !== CIPHER) return `the server chose ${tls.getProtocol()} ${cipher}`
  if (group !== (party.group ?? GROUP)) return `the server chose the group ${group}`
  return tls.isSessionReused() ? 'a session was resumed' : null
}

/** A device whose CONNECT was accepted. */
export interface Connected {
  readonly id: string
  readonly tls: TLSSocket
}

/**
 * Connects a device and waits for its CONNACK. Frames after it go to `onFrame`. With `socket`, TLS is spoken over that
 * stream. An error or an end later is thrown unless `onLost` takes it.
 */
export function connectDevice(
  party: Party,
  device: Device,
  hooks: { socket?: Duplex; onFrame?: (first: number, bytes: Buffer, start: number) => void; onLost?: () => void } = {},
): Promise<Connected> {
  return new Promise((resolve, reject) => {
    const options = tlsOptions(party, device)
    const tls = connect(hooks.socket === undefined ? options : { ...options, socket: hooks.socket })
    tls.setNoDelay(true)
    let open = false
    const frames = new Frames((first, bytes, start) => {
      if (open) {
        hooks.onFrame?.(first, bytes, start)
      } else if (first >> 4 === TYPE.connack && bytes[start + 1] === 0) {
        open = true
        resolve({ id: device.id, tls })
      } else {
        reject(new Error(`${device.id}: the answer to CONNECT was ${bytes.toString('hex', 0, 16)}`))
      }
    })
    tls.on('data', (chunk: Buffer) => frames.feed(chunk))
    tls.once('secureConnect', () => {
      const fault = disagreement(tls, party)
      if (fault !== null) reject(new Error(fault))
      tls.write(connectFrame(device.id))
    })
    tls.on('error', error => reject(error))
    tls.once('close', () => {
      if (open) hooks.onLost?.()
      else reject(new Error(`${device.id}: closed before CONNACK`))
    })
  })
}

/** Connects the devices of a party, `width` at a time. */
export async function connectParty(
  party: Party,
  connectOne: (device: Device, index: number) => Promise<Connected>,
  width = 16,
): Promise<Connected[]> {
  const devices = devicesOf(party)
  const connected: Connected[] = new Array(devices.length)
  let next = 0
  const line = async () => {
    while (next < devices.length) {
      const index = next++
      connected[index] = await connectOne(devices[index]!, index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, devices.length) }, line))
  return connected
}

/** The topic on which a device of the benches speaks. */
export const topicOf = (id: string): string => `plant/${id}/telemetry`
