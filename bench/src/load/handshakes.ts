import { connect } from 'node:tls'
import { serve } from '../base/remote.ts'
import { devicesOf, type Party, tlsOptions } from './device.ts'

/** The calls of the handshaking clients. */
export type HandshakeCalls = typeof calls

/** Clients that do full mutual handshakes and leave. */
const calls = {
  /**
   * Makes one full handshake with each device of the party, `width` at a time, and ends it in order: a server that
   * answers the end has read all that the client sent, its certificate and signature included. Answers the group.
   */
  async run({ party, width }: { party: Party; width: number }): Promise<{ group: string }> {
    const devices = devicesOf(party)
    let next = 0
    let group = 'unknown'
    const line = async () => {
      while (next < devices.length) group = await handshake(party, next++)
    }
    await Promise.all(Array.from({ length: width }, line))
    return { group }
  },
}

function handshake(party: Party, index: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const tls = connect(tlsOptions(party, devicesOf(party)[index]!))
    let group: string | null = null
    tls.once('secureConnect', () => {
      const key = tls.getEphemeralKeyInfo()
      group = key !== null && 'name' in key && typeof key.name === 'string' ? key.name : 'unknown'
      if (tls.isSessionReused()) reject(new Error('a session was resumed'))
      tls.end()
    })
    tls.resume()
    tls.on('error', reject)
    tls.once('close', () => (group === null ? reject(new Error('closed in the handshake')) : resolve(group)))
  })
}

serve(calls)
