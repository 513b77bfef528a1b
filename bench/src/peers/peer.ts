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
