import { PacketType as T } from './codes.ts'

const bit = (...types: number[]): number => types.reduce((mask, type) => mask | (1 << type), 0)

const BY_CLIENT = bit(1, 3, 4, 5, 6, 7, 8, 10, 12, 14, 15)
const BY_SERVER = bit(2, 3, 4, 5, 6, 7, 9, 11, 13, 14, 15)

/** Whether this side may ever send a packet of this type (MQTT 5.0 table 2-1, MQTT 3.1.1 table 2.1). */
export function maySend(fromClient: boolean, type: number, version: number): boolean {
  if (version === 4 && (type === T.AUTH || (type === T.DISCONNECT && !fromClient))) return false
  return (((fromClient ? BY_CLIENT : BY_SERVER) >> type) & 1) === 1
}

/** The low four bits that a packet other than PUBLISH must have. */
export function requiredFlags(type: number): number {
  return type === T.PUBREL || type === T.SUBSCRIBE || type === T.UNSUBSCRIBE ? 2 : 0
}

/** The clause that fixes those bits. */
export function flagsClause(type: number, version: number): string {
  switch (type) {
    case T.PUBREL:
      return 'MQTT-3.6.1-1'
    case T.SUBSCRIBE:
      return 'MQTT-3.8.1-1'
    case T.UNSUBSCRIBE:
      return 'MQTT-3.10.1-1'
    case T.DISCONNECT:
      return 'MQTT-3.14.1-1'
    case T.AUTH:
      return 'MQTT-3.15.1-1'
    default:
      return version === 5 ? 'MQTT-2.1.3-1' : 'MQTT-2.2.2-2'
  }
}

// Bit 0 stands for a client's DISCONNECT, bit 14 for a server's; bit 15 for a server's AUTH, bit 1 for a client's.
const reasons = new Uint16Array(256)
function allow(mask: number, codes: number[]): void {
  for (const code of codes) reasons[code] |= mask
}
allow(
  bit(T.CONNACK),
  [
    0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x90, 0x95, 0x97, 0x99, 0x9a, 0x9b,
    0x9c, 0x9d, 0x9f,
  ],
)
allow(bit(T.PUBACK, T.PUBREC), [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99])
allow(bit(T.PUBREL, T.PUBCOMP), [0x00, 0x92])
allow(bit(T.SUBACK), [0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8f, 0x91, 0x97, 0x9e, 0xa1, 0xa2])
allow(bit(T.UNSUBACK), [0x00, 0x11, 0x80, 0x83, 0x87, 0x8f, 0x91])
allow(bit(0, T.DISCONNECT), [0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99])
allow(bit(0), [0x00, 0x04])
// Table 3-13 gives 0x00 to the client alone, yet a DISCONNECT without a body means 0x00 and brokers send it.
allow(
  bit(T.DISCONNECT),
  [0x00, 0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2],
)
allow(bit(T.AUTH), [0x00, 0x18])
allow(bit(1), [0x18, 0x19])

/** Whether MQTT 5.0 knows this reason code for this packet type from this side. */
export function legalReason(type: number, code: number, fromClient: boolean): boolean {
  const row = type === T.DISCONNECT && fromClient ? 0 : type === T.AUTH && fromClient ? 1 : type
  return ((reasons[code] >> row) & 1) === 1
}

/** The clause that limits a packet type's reason codes. */
export function reasonClause(type: number): string {
  switch (type) {
    case T.CONNACK:
      return 'MQTT-3.2.2-8'
    case T.SUBACK:
      return 'MQTT-3.9.3-2'
    case T.UNSUBACK:
      return 'MQTT-3.11.3-2'
    default:
      return `MQTT-3.${type}.2-1`
  }
}
