import { expect, test } from 'vitest'
import { handshakeFailure } from './why.ts'

test.each([
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'handshake_failed', 'the client spoke no TLS (plain MQTT?)'],
  ['ERR_SSL_HTTP_REQUEST', 'handshake_failed', 'the client spoke no TLS (plain MQTT?)'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'handshake_failed', /does not trust the gateway's certificate/],
  ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'handshake_failed', /does not trust the gateway's certificate/],
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'certificate_refused',
    'its certificate was issued by no anchor of identity.anchors',
  ],
  ['CERT_HAS_EXPIRED', 'certificate_refused', 'its certificate has expired'],
  ['CERT_NOT_YET_VALID', 'certificate_refused', /not valid yet/],
  ['INVALID_PURPOSE', 'certificate_refused', /not for clients/],
  ['ERR_SSL_NO_SHARED_CIPHER', 'handshake_failed', /not allowed/],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'handshake_failed', /versions that are not allowed/],
  ['ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE', 'certificate_missing', 'it showed no certificate'],
  ['ECONNRESET', 'handshake_aborted', /may not trust/],
  ['ERR_SSL_SOMETHING_NEW', 'handshake_failed', 'the TLS handshake failed (ERR_SSL_SOMETHING_NEW)'],
  ['SOMETHING_NEW_OF_X509', 'certificate_refused', 'the TLS handshake failed (SOMETHING_NEW_OF_X509)'],
  ['constructor', 'certificate_refused', 'the TLS handshake failed (constructor)'],
])('%s is told as %s', (code, known, why) => {
  expect(handshakeFailure(code)).toEqual({
    code: known,
    why: typeof why === 'string' ? why : expect.stringMatching(why),
  })
})
