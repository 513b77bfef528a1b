import { X509Certificate } from 'node:crypto'
import type { Attack } from './attack.ts'
import { tryEntries } from './entry.ts'
import { connect } from './packets.ts'

/** Comes with a real device's name in a certificate of a CA that the gateway does not trust. Effect: entries granted. */
export const foreignCa: Attack = {
  name: 'foreign-ca',
  technique: 'T0848',
  title: "Impersonate a device with another CA's certificate",
  expected: 'floor',
  alone: false,
  seconds: () => 2,
  async run(range) {
    const { key, cert } = range.foreign
    const { servername } = range.gateway
    const ca = Object.values(range.options.credentials)[0]?.ca ?? range.foreign.ca
    const name = /^CN=(.+)$/m.exec(new X509Certificate(cert).subject)?.[1] ?? range.device
    const own = range.options.credentials[range.device]
    const known = await range.dial({ tls: { key: own.key, cert: own.cert, ca, servername } })
    if ((await known.login(connect({ version: 4, clientId: range.device }))) !== 0)
      throw new Error(`${range.device} was not let in with a certificate of the right CA`)
    known.destroy()
    const tls = { key, cert, ca, servername }
    return tryEntries(range, connect({ version: 4, clientId: name }), [
      () => range.dial({ tls }),
      () => range.dial({ tls }),
      () => range.dial({ tls: { ...tls, maxVersion: 'TLSv1.2' } }),
      () => range.dial({ tls: { ...tls, maxVersion: 'TLSv1.2' } }),
    ])
  },
}
