import { connect } from 'node:tls'
import { faultOf, type TlsFault } from '../base/tls.ts'
import type { BrokerAddress } from '../config/address.ts'

/**
 * Shakes hands without a certificate and without verifying, to learn what is spoken at an address. Never throws.
 * `secured`: TLS; `nothing`: no TLS that could be told, or no answer in time.
 */
export function tryHandshake(
  { host, port }: BrokerAddress,
  maxVersion: 'TLSv1.2' | 'TLSv1.3',
  deadline: number,
): Promise<'secured' | 'nothing' | TlsFault> {
  const { promise, resolve } = Promise.withResolvers<'secured' | 'nothing' | TlsFault>()
  const socket = connect({ host, port, rejectUnauthorized: false, maxVersion })
  const timer = setTimeout(() => resolve('nothing'), deadline)
  socket.on('secureConnect', () => resolve('secured'))
  socket.on('error', error => resolve(faultOf(error) ?? 'nothing'))
  socket.on('close', () => resolve('nothing'))
  return promise.finally(() => {
    clearTimeout(timer)
    socket.destroy()
  })
}
