import { Reason } from './codes.ts'
import { type Fault, fatalFault, strictFault } from './fault.ts'

/** The Remaining Length goes on after its fourth byte. */
export function malformedLength(at: number, version: number): Fault {
  const why = 'the remaining length does not end within four bytes'
  return fatalFault('malformed_length', version === 4 ? 'MQTT-2.2.3' : 'MQTT-1.5.5', why, Reason.MALFORMED_PACKET, at)
}

/** Packet type 0: no such packet has a format, so where it ends cannot be trusted. */
export function reservedType(at: number, version: number): Fault {
  const clause = version === 4 ? 'MQTT-2.2.1' : 'MQTT-2.1.2'
  return fatalFault('reserved_type', clause, 'packet type 0 is reserved', Reason.MALFORMED_PACKET, at)
}

/** A Remaining Length with more bytes than its value needs; forbidden from MQTT 5.0 on, though brokers take it. */
export function notShortest(at: number): Fault {
  const why = 'the remaining length is not in its shortest form'
  return strictFault('length_not_shortest', 'MQTT-1.5.5-1', why, Reason.MALFORMED_PACKET, at)
}
