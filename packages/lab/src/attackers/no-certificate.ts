import type { Attack } from './attack.ts'
import { tryEntries } from './entry.ts'
import { connect } from './packets.ts'

/** Comes without a client certificate: TLS 1.3, TLS 1.2, and plain MQTT on the TLS port. Effect: entries granted. */
export const noCertificate: Attack = {
  name: 'no-certificate',
  technique: 'T0886',
  title: 'Connect without a client certificate',
  expected: 'floor',
  alone: false,
  seconds: () => 1,
  run(range) {
    const { ca } = range.foreign
    const { servername } = range.gateway
    // The gateway's own CA, so that it is the gateway that refuses and not the attacker's client.
    const trust = Object.values(range.options.credentials)[0]?.ca ?? ca
    const hello = connect({ version: 4, clientId: range.device })
    return tryEntries(range, hello, [
      () => range.dial({ tls: { ca: trust, servername } }),
      () => range.dial({ tls: { ca: trust, servername } }),
      () => range.dial({ tls: { ca: trust, servername, maxVersion: 'TLSv1.2' } }),
      () => range.dial({ tls: { ca: trust, servername, maxVersion: 'TLSv1.2' } }),
      () => range.dial({ tls: 'none' }),
    ])
  },
}
