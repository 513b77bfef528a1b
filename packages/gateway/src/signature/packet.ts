/** An end of a connection, as a rule's header names it. */
export interface Endpoint {
  /** An IPv4 or IPv6 address as 16 bytes (IPv4 mapped), or null where it is not known: it then matches `any` only. */
  readonly address: Uint8Array | null
  readonly port: number
  /** Whom `track by_src` and `by_dst` count by: the address as text, or the device's id. */
  readonly name: string
}

/** One whole MQTT packet, possibly an illegal one, as the engine is asked about it. May be reused by its owner. */
export interface SignedPacket {
  readonly bytes: Uint8Array
  /** Offsets into `bytes`: the packet's first byte, the byte behind its fixed header, and its end (exclusive). */
  readonly start: number
  readonly body: number
  readonly end: number
  /** The high four bits of the first byte, and the low four. */
  readonly type: number
  readonly flags: number
  /** The connection's protocol version, 0 while it is not known. */
  readonly version: number
  readonly direction: 'up' | 'down'
  /** A mask of `MQTT_EVENTS`. */
  readonly events: number
  readonly client: Endpoint
  readonly server: Endpoint
  /** The topic that a topic alias stands for; null where the packet's own topic counts. */
  readonly topic: Uint8Array | null
  /** What `SignatureEngine.named` says of the topic, where its owner keeps that; null to have it worked out. */
  readonly named: Int32Array | null
}
