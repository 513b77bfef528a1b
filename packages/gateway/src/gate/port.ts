import { createServer } from 'node:net'
import { RingwallError, systemCode } from '../base/error.ts'

/**
 * Finds out whether the port is free, and which one where any will do. Workers share a port, and a second gateway would share
 * it as well, unseen: only a listener that does not share is refused.
 */
export async function freePort(host: string, port: number): Promise<number> {
  const probe = createServer()
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  probe.once('error', error => reject(portError(error, host, port)))
  probe.listen({ host, port, exclusive: true }, () => {
    const address = probe.address()
    probe.close(() => resolve(address !== null && typeof address === 'object' ? address.port : port))
  })
  return promise
}

/** What a port that cannot be listened on means. */
export function portError(error: unknown, host: string, port: number): RingwallError {
  const code = systemCode(error)
  const field = { field: 'listen.mqtts.port' }
  if (code === 'EADDRINUSE') {
    return new RingwallError(
      'port_taken',
      `port ${port} on ${host} is taken`,
      'Stop what listens there, or choose another.',
      field,
      error,
    )
  }
  return new RingwallError('port_unusable', `port ${port} on ${host} cannot be used (${code})`, HINT, field, error)
}

const HINT = 'Ports below 1024 need a privilege (CAP_NET_BIND_SERVICE); the address must be one of this machine.'
