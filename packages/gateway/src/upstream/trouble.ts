import { systemCode } from '../base/error.ts'
import { faultOf, type TlsFault } from '../base/tls.ts'

/** Why the broker cannot be spoken to, in words for the operator. */
export interface Trouble {
  /**
   * `upstream_certificate`: the broker's own does not verify. `upstream_client_certificate`: it wants one of the gateway, or
   * another. `upstream_tls`: the two do not agree on TLS. `upstream_unreachable`: there is no connection.
   */
  readonly code: 'upstream_certificate' | 'upstream_client_certificate' | 'upstream_tls' | 'upstream_unreachable'
  readonly what: string
  readonly hint: string
  readonly field: string
}

const SHOW = 'Set upstream.certificate and upstream.key to a pair that the broker takes.'

const unverified = (why: string, hint: string, field = 'upstream.ca'): Trouble => ({
  code: 'upstream_certificate',
  what: `the broker's certificate does not verify: ${why}`,
  hint,
  field,
})

const refused = (why: string, hint: string): Trouble => ({
  code: 'upstream_client_certificate',
  what: `the broker does not accept the gateway's certificate: ${why}`,
  hint,
  field: 'upstream.certificate',
})

const disagreed = (what: string, hint: string): Trouble => ({ code: 'upstream_tls', what, hint, field: 'upstream.url' })

const ISSUER = "Name the authority of the broker's certificate in upstream.ca."

/** The broker wants a client certificate and got none. */
export const DEMANDED: Trouble = {
  code: 'upstream_client_certificate',
  what: 'the broker asks for a client certificate',
  hint: 'Set upstream.certificate and upstream.key.',
  field: 'upstream.certificate',
}

export const NO_TLS = disagreed('the broker speaks no TLS here', 'Write mqtt://, or name its TLS port.')
export const TLS_HERE = disagreed('the broker speaks TLS here', 'Write mqtts://, or name its plain port.')

const WORDS: Readonly<Record<TlsFault, Trouble>> = {
  issuer: unverified('no authority of upstream.ca (or of the system, without it) issued it', ISSUER),
  'self-signed': unverified('it is self-signed and not in upstream.ca', ISSUER),
  expired: unverified('it has expired', 'Renew it at the broker.', 'upstream.url'),
  early: unverified('it is not valid yet', 'Set the clocks of broker and gateway.', 'upstream.url'),
  revoked: unverified('it was revoked', 'Renew it at the broker.', 'upstream.url'),
  purpose: unverified('it is not for servers', 'Issue one for TLS servers (extended key usage).', 'upstream.url'),
  name: unverified('it names another host', 'Set upstream.serverName to a name in it.', 'upstream.serverName'),
  unverified: unverified('its chain is not valid', ISSUER),
  'alert-issuer': refused('it does not know its authority', SHOW),
  'alert-expired': refused('it has expired', SHOW),
  'alert-certificate': refused('it is not fit for a client, or is revoked', SHOW),
  'alert-missing': DEMANDED,
  'alert-handshake': disagreed(
    'the broker ended the TLS handshake: it shares no cipher, or does not accept the certificate',
    'Allow TLS 1.2 or 1.3 with ECDHE and AEAD ciphers at the broker, and look at its log.',
  ),
  'no-tls': NO_TLS,
  version: disagreed('the broker offers no TLS 1.2 or 1.3', 'Allow TLS 1.2 or 1.3 at the broker.'),
  cipher: disagreed('the broker shares no cipher with the gateway', 'Allow ECDHE with AEAD ciphers at the broker.'),
  closed: disagreed(
    'the broker closed the connection in the TLS handshake: it may speak no TLS here',
    'Write mqtt:// if it does not, and look at its log.',
  ),
}

const SYSTEM: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name does not resolve',
  EAI_AGAIN: 'its name cannot be resolved now',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to its network',
  ETIMEDOUT: 'it does not answer',
  ECONNRESET: 'it closed the connection',
}

const HINT = 'Check that it runs and that upstream.url is right.'

/**
 * Reads why a connection to the broker failed.
 * @param tls whether TLS was spoken
 * @param shown whether the gateway showed a certificate
 */
export function brokerTrouble(error: unknown, { tls, shown }: { tls: boolean; shown: boolean }): Trouble {
  const fault = tls ? faultOf(error) : undefined
  // TLS 1.2 has no word of its own for a missing certificate; a broker sends this then, and some a bad one.
  const mute = fault === 'alert-handshake' || fault === 'alert-certificate' || fault === 'alert-issuer'
  if (fault !== undefined) return mute && !shown ? DEMANDED : WORDS[fault]
  const code = systemCode(error)
  if (code.startsWith('ERR_SSL_'))
    return disagreed(`the TLS handshake failed (${code})`, 'Look at the log of the broker.')
  const why = Object.hasOwn(SYSTEM, code) ? `${SYSTEM[code]}, ${code}` : code || 'the reason is unknown'
  return {
    code: 'upstream_unreachable',
    what: `the broker cannot be reached: ${why}`,
    hint: HINT,
    field: 'upstream.url',
  }
}
