import { constants } from 'node:crypto'
import type { SecureContextOptions, TlsOptions } from 'node:tls'

/** The gateway's certificate and key and the anchors of its devices, all PEM. */
export interface Credentials {
  readonly certificate: string
  readonly key: string
  readonly anchors: readonly string[]
}

/**
 * Hybrid post-quantum first (X25519MLKEM768), then classical curves for clients that know no better. The slash ends a set of
 * equals: who knows the hybrid and sent a share for a classical group only is asked for the hybrid (OpenSSL 3.5).
 */
export const GROUPS = 'X25519MLKEM768/X25519:P-256:P-384'

const TLS13 = ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256']
const TLS12 = ['ECDSA', 'RSA'].flatMap(kind => [
  `ECDHE-${kind}-AES256-GCM-SHA384`,
  `ECDHE-${kind}-CHACHA20-POLY1305`,
  `ECDHE-${kind}-AES128-GCM-SHA256`,
])

/** What `setSecureContext` may change while connections live. */
export function secureContext(credentials: Credentials): SecureContextOptions {
  return {
    cert: credentials.certificate,
    key: credentials.key,
    ca: [...credentials.anchors],
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: [...TLS13, ...TLS12].join(':'),
    ecdhCurve: GROUPS,
    // No tickets: a resumed session would carry an identity past its revocation, and each costs 8 KiB a connection.
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
  }
}

/** TLS 1.3, or 1.2 with ECDHE and AEAD; the client's certificate is required and verified. No option makes it weaker. */
export function tlsOptions(credentials: Credentials, handshakeTimeout: number): TlsOptions {
  return {
    ...secureContext(credentials),
    requestCert: true,
    rejectUnauthorized: true,
    handshakeTimeout,
  }
}
