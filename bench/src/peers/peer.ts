/** What takes the devices' connections in a turn: the gateway or one it is compared with. */
export interface Peer {
  /** As the report names it. */
  readonly name: string
  /** The port of 127.0.0.1 on which it ends mutual TLS. */
  readonly port: number
  /** Its process. */
  readonly pid: number
  /** Throws if it has ended. */
  check(): void
  stop(): Promise<void>
}

/** TLS as all peers and clients of a bench speak it, so that none has the cheaper cipher. */
export const CIPHER = 'TLS_AES_256_GCM_SHA384'
/** The key exchange group of all comparisons; the hybrid one is measured on its own. */
export const GROUP = 'X25519'
/** X25519 with ML-KEM-768, which OpenSSL 3.0 (mosquitto, haproxy here) does not have. */
export const HYBRID_GROUP = 'X25519MLKEM768'
