import { connect } from 'node:tls'
import { serve } from '../base/remote.ts'
import { devicesOf, disagreement, type Party, tlsOptions } from './device.ts'

/** The calls of the handshaking clients. */
export type HandshakeCalls = typeof calls

/** Clients that do full mutual handshakes and leave. */
const calls = {
  /**
   * Makes one full handshake with each device of the party, `width` at a time, and ends it in order: a server that
   * answers the end has read all that the client sent, its certificate and signature included.
   */
  async run({ party, width }: { party: Party; width: number }): Promise<void> {
    const devices = devicesOf(party)
    let next = 0
    const line = async () => {
      while (next < devices.length) await handshake(party, next++)
    }
    await Promise.all(Array.from({ length: width }, line))
  },
}

function handshake(party: Party, index: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const tls = connect(tlsOptions(party, devicesOf(party)[index]!))
    let fault: string | null = 'closed in the handshake'
    tls.once('secureConnect', () => {
      fault = disagreement(tls, party)
      tls.end()
    })
    tls.resume()
    tls.on('error', reject)
    tls.once('close', () => (fault === null ? resolve() : reject(new Error(fault))))
  })
}

serve(calls)
