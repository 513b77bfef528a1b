import { type TlsFault, tlsFault } from '../base/tls.ts'

/** Why a device's handshake came to nothing: a stable code, and a sentence for who must mend the device. */
export interface HandshakeFailure {
  readonly code: string
  readonly why: string
}

const DISTRUST = "the device does not trust the gateway's certificate: give it the authority that issued it"

const WORDS: Readonly<Record<TlsFault, string>> = {
  issuer: 'its certificate was issued by no anchor of identity.anchors',
  'self-signed': 'its certificate is self-signed and no anchor of identity.anchors',
  expired: 'its certificate has expired',
  early: 'its certificate is not valid yet: look at the clocks',
  revoked: 'its certificate was revoked',
  purpose: 'its certificate is not for clients (extended key usage)',
  name: 'its certificate names another host',
  unverified: 'its certificate chain is not valid',
  'alert-issuer': DISTRUST,
  'alert-expired': "the device finds the gateway's certificate expired: look at the clocks",
  'alert-certificate': DISTRUST,
  'alert-missing': 'the device misses a certificate of the gateway',
  'alert-handshake': 'the device ended the handshake: it shares no cipher or version',
  'no-tls': 'the client spoke no TLS (plain MQTT?)',
  version: 'it offers only TLS versions that are not allowed (1.2 and 1.3 are)',
  cipher: 'it offers only ciphers, groups or signatures that are not allowed',
  closed: "it closed the connection in the handshake; it may not trust the gateway's certificate",
}

const CODES: Readonly<Record<string, HandshakeFailure>> = {
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: { code: 'certificate_missing', why: 'it showed no certificate' },
  ERR_TLS_HANDSHAKE_TIMEOUT: {
    code: 'handshake_timeout',
    why: 'it did not finish the handshake within limits.handshakeTimeout',
  },
}

/** Reads the code of OpenSSL or Node. What is not known is told by that code, never by OpenSSL's text. */
export function handshakeFailure(code: string): HandshakeFailure {
  const known = Object.hasOwn(CODES, code) ? CODES[code] : undefined
  if (known !== undefined) return known
  const fault = tlsFault(code)
  const why = fault === undefined ? `the TLS handshake failed (${code})` : WORDS[fault]
  if (fault === 'closed') return { code: 'handshake_aborted', why }
  // OpenSSL's verify codes have no prefix: whatever else they say, they are about the certificate.
  const aborted = code.startsWith('ERR_') || code.startsWith('E') || code === 'TLS_ERROR'
  return { code: aborted ? 'handshake_failed' : 'certificate_refused', why }
}
