import { systemCode } from './error.ts'

/** Why a handshake failed, whichever side one is on. */
export type TlsFault =
  /** Verifying the other's certificate. */
  | 'issuer'
  | 'self-signed'
  | 'expired'
  | 'early'
  | 'revoked'
  | 'purpose'
  | 'name'
  | 'unverified'
  /** What the other said of one's own certificate, before it closed. */
  | 'alert-issuer'
  | 'alert-expired'
  | 'alert-certificate'
  | 'alert-missing'
  /** The handshake itself. `alert-handshake` may be anything that the other could not agree with. */
  | 'alert-handshake'
  | 'no-tls'
  | 'version'
  | 'cipher'
  | 'closed'

const FAULTS: Readonly<Record<string, TlsFault>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'issuer',
  UNABLE_TO_GET_ISSUER_CERT: 'issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'issuer',
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: 'issuer',
  SELF_SIGNED_CERT_IN_CHAIN: 'issuer',
  CERT_SIGNATURE_FAILURE: 'issuer',
  CERT_UNTRUSTED: 'issuer',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'early',
  CERT_REVOKED: 'revoked',
  INVALID_PURPOSE: 'purpose',
  HOSTNAME_MISMATCH: 'name',
  ERR_TLS_CERT_ALTNAME_INVALID: 'name',
  INVALID_CA: 'unverified',
  PATH_LENGTH_EXCEEDED: 'unverified',
  CERT_CHAIN_TOO_LONG: 'unverified',
  CERT_REJECTED: 'unverified',
  ERR_SSL_CERTIFICATE_VERIFY_FAILED: 'unverified',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no-tls',
  ERR_SSL_HTTP_REQUEST: 'no-tls',
  ERR_SSL_HTTPS_PROXY_REQUEST: 'no-tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'no-tls',
  ERR_SSL_RECORD_LAYER_FAILURE: 'no-tls',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'version',
  ERR_SSL_VERSION_TOO_LOW: 'version',
  ERR_SSL_NO_SHARED_CIPHER: 'cipher',
  ERR_SSL_NO_SUITABLE_KEY_SHARE: 'cipher',
  ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM: 'cipher',
  ERR_SSL_NO_SHARED_SIGNATURE_ALGORITHMS: 'cipher',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
}

// By the names of RFC 8446, section 6.2.
const ALERTS: Readonly<Record<string, TlsFault>> = {
  UNKNOWN_CA: 'alert-issuer',
  CERTIFICATE_EXPIRED: 'alert-expired',
  BAD_CERTIFICATE: 'alert-certificate',
  UNSUPPORTED_CERTIFICATE: 'alert-certificate',
  CERTIFICATE_REVOKED: 'alert-certificate',
  CERTIFICATE_UNKNOWN: 'alert-certificate',
  ACCESS_DENIED: 'alert-certificate',
  CERTIFICATE_REQUIRED: 'alert-missing',
  PROTOCOL_VERSION: 'version',
  INSUFFICIENT_SECURITY: 'cipher',
  HANDSHAKE_FAILURE: 'alert-handshake',
}

/** Reads a handshake's failure from the code that Node gives it; nothing where the code says no more than that it failed. */
export function tlsFault(code: string): TlsFault | undefined {
  // OpenSSL names the family of an alert differently from version to version: SSLV3, TLSV1, TLSV13, SSL/TLS.
  const alert = /^ERR_SSL_[A-Z0-9/]+_ALERT_(?:SSL_)?([A-Z_]+)$/.exec(code)?.[1]
  const table = alert === undefined ? FAULTS : ALERTS
  const name = alert ?? code
  return Object.hasOwn(table, name) ? table[name] : undefined
}

/** The same of an error. */
export const faultOf = (error: unknown): TlsFault | undefined => tlsFault(systemCode(error))
