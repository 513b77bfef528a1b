/** The cipher that all peers and clients of a bench speak, so that none has the cheaper one. */
export const CIPHER = 'TLS_AES_256_GCM_SHA384'
/** The key exchange group of all comparisons; the hybrid one is measured on its own. */
export const GROUP = 'X25519'
/** X25519 with ML-KEM-768, which OpenSSL 3.0 (Debian 12's mosquitto and haproxy) does not have. */
export const HYBRID_GROUP = 'X25519MLKEM768'
