import { expect, test } from 'vitest'
import { faultOf, tlsFault } from './tls.ts'

test.each([
  ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'alert-handshake'],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'alert-handshake'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'alert-issuer'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'alert-missing'],
  ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'alert-certificate'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'version'],
  ['ERR_SSL_HTTP_REQUEST', 'no-tls'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'name'],
  ['ECONNRESET', 'closed'],
  ['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', undefined],
  ['constructor', undefined],
  ['', undefined],
])('%s is read as %s', (code, fault) => {
  expect(tlsFault(code)).toBe(fault)
  expect(faultOf(Object.assign(new Error('raw text'), { code }))).toBe(fault)
})
