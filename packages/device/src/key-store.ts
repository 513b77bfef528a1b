/** What a device must keep over restarts to go on sealing. */
export interface Identity {
  readonly device: string
  /** The 32 bytes that it was enrolled with. */
  readonly secret: Uint8Array
  /** Of the key that it seals with. */
  readonly epoch: number
  /** No number up to this one is used again. */
  readonly sequence: number
  /** The first 8 bytes of the tag of message `sequence`; none where that message may not have been sent. */
  readonly previous: Uint8Array
}

/**
 * Where a device keeps it: a file, a secure element, an encrypted partition. `save` returns once what it was given survives a loss of
 * power; it is called once for many messages. One process at a time may seal from a store: two would fork the chain, which the gateway sees.
 */
export interface KeyStore {
  load(): Identity
  save(identity: Identity): void
}
