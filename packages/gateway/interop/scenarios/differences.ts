import type { Vector } from '../../conformance/vector.ts'

/** What the gateway refuses by a clause that leaves no choice, and Mosquitto 2.0 takes: by the fault's code. */
const TAKEN_BY_MOSQUITTO: Readonly<Record<string, string>> = {
  reserved_flags:
    'it does not look at the flags of PUBACK, PUBREC, PUBCOMP and PINGREQ (MQTT-2.2.2-2: the receiver closes)',
  wrong_direction: 'it passes over SUBACK, UNSUBACK and PINGRESP of a client, which only a server sends',
  trailing_bytes:
    'it does not read to the end of acknowledgements and PINGREQ; what is longer than its format is malformed',
  subscription_identifier_from_client: 'it takes a subscription identifier in a PUBLISH of a client (MQTT-3.3.4-6)',
  authentication_data_alone: 'it takes authentication data without a method, a protocol error by section 3.1.2.11.10',
  shared_no_local: 'it takes no local on a shared subscription, a protocol error by MQTT-3.8.3-4',
}

/** What it does not know of: the vector itself says what the broker granted. */
const GRANTED = new Set(['packet_too_large', 'alias_too_large', 'receive_maximum'])

/** Why Mosquitto 2.0 and the gateway judge a vector differently though its fault is not strict; undefined where they should not. */
export function reasonToDiffer(
  { version, name, options, expect }: Vector,
  own: 'accept' | 'reject',
): string | undefined {
  if (own === 'reject') {
    if (expect === 'incomplete') return 'a broker waits for the rest of a packet'
    if (GRANTED.has(expect) && options !== undefined) return 'this Mosquitto granted more than the vector says'
    return TAKEN_BY_MOSQUITTO[expect]
  }
  if (options?.strict === false) return 'Mosquitto refuses control characters too; the relaxed gateway does not'
  if (options?.authMethods !== undefined) return 'this Mosquitto has no plugin for extended authentication'
  if (version === 4 && name.startsWith('filter $share,'))
    return 'Mosquitto takes $share for a shared subscription in 3.1.1 too'
  return undefined
}
