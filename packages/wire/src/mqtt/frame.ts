import { type Fault, fault, strictFault } from './fault.ts'

/**
 * The packet that a scanner stands on. Offsets are indexes into `bytes`, ends are exclusive. A field that the packet
 * does not have is 0, and a range that it does not have is empty.
 */
export interface Frame {
  /** 0: not known yet; 4: MQTT 3.1.1; 5: MQTT 5.0. */
  version: 0 | 4 | 5
  readonly fromClient: boolean
  /** The largest topic alias that may be used here. */
  aliasMaximum: number
  /** Whether what a receiver may refuse though it need not is refused; the little that cannot be relaxed always is. */
  strict: boolean
  bytes: Uint8Array
  /** Where the fixed header begins. */
  start: number
  /** Where the variable header begins. */
  body: number
  end: number
  /** One of `PacketType`, or 0 where the first byte is illegal. */
  type: number
  /** The low four bits of the first byte. */
  flags: number
  qos: number
  dup: boolean
  retain: boolean
  packetId: number
  /** Reason code, or return code in 3.1.1, of CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, DISCONNECT and AUTH. */
  reason: number
  topicStart: number
  topicEnd: number
  /** 32-bit FNV-1a over the topic's bytes, as a signed integer. */
  topicHash: number
  alias: number
  /** The payload says that it is UTF-8 (payload format indicator 1). */
  utf8Payload: boolean
  payloadStart: number
  payloadEnd: number
  /** The properties' bytes without their length. */
  propertiesStart: number
  propertiesEnd: number
  /** The first thing that is illegal in the packet. */
  fault: Fault | null
  /** The first thing in it that may be refused though it need not; it is the fault of a packet that has no other. */
  strictFault: Fault | null
}

/** Notes a fault of the frame; the first one stays. */
export function blame(frame: Frame, code: string, clause: string, why: string, reason: number, at: number): void {
  if (frame.fault === null) frame.fault = fault(code, clause, why, reason, at)
}

/** Notes what may be refused though it need not, where the frame is strict; the first one stays. */
export function doubt(frame: Frame, code: string, clause: string, why: string, reason: number, at: number): void {
  if (frame.strict && frame.strictFault === null) frame.strictFault = strictFault(code, clause, why, reason, at)
}
