import { Reason } from './codes.ts'
import { type Fault, fatalFault, fault } from './fault.ts'

/** The Remaining Length goes on after its fourth byte. */
export function malformedLength(at: number): Fault {
  const why = 'the remaining length does not end within four bytes'
  return fatalFault('malformed_length', 'MQTT-1.5.5', why, Reason.MALFORMED_PACKET, at)
}

/** Packet type 0: no such packet has a format, so where it ends cannot be trusted. */
export function reservedType(at: number): Fault {
  return fatalFault('reserved_type', 'MQTT-2.1.2', 'packet type 0 is reserved', Reason.MALFORMED_PACKET, at)
}

/** A Remaining Length with more bytes than its value needs; forbidden from MQTT 5.0 on. */
export function notShortest(at: number): Fault {
  const why = 'the remaining length is not in its shortest form'
  return fault('length_not_shortest', 'MQTT-1.5.5-1', why, Reason.MALFORMED_PACKET, at)
}
