import type { Vector } from '../../conformance/vector.ts'

/** What the gateway refuses by a clause that leaves no choice, and Mosquitto 2.0 takes: which vectors, and why. */
const TAKEN_BY_MOSQUITTO: readonly (readonly [code: string, names: RegExp, why: string])[] = [
  [
    'reserved_flags',
    /^(PUBACK|PUBREC|PUBCOMP|PINGREQ) with flags \d+$/,
    'it does not look at their flags (MQTT-2.2.2-2: the receiver closes; MQTT-2.1.3-1: malformed)',
  ],
  [
    'wrong_direction',
    /^(SUBACK|UNSUBACK|PINGRESP) (from a client|between messages)$/,
    'it passes over what only a server sends, a protocol violation by the table of packet types',
  ],
  [
    'trailing_bytes',
    /^(PUBACK|PUBREC|PUBREL|PUBCOMP|PINGREQ) with a byte too many$/,
    'it does not read to their end; what is longer than its format is malformed',
  ],
  [
    'authentication_data_alone',
    /^authentication data without a method$/,
    'it takes what is a protocol error by section 3.1.2.11.10',
  ],
  ['shared_no_local', /^no local on a share, /, 'it takes what is a protocol error by MQTT-3.8.3-4'],
]

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
    return TAKEN_BY_MOSQUITTO.find(([code, names]) => code === expect && names.test(name))?.[2]
  }
  if (options?.strict === false) return 'Mosquitto refuses control characters too; the relaxed gateway does not'
  if (options?.authMethods !== undefined) return 'this Mosquitto has no plugin for extended authentication'
  if (version === 4 && name === 'filter $share, no share in 3.1.1')
    return 'Mosquitto takes $share for a shared subscription in 3.1.1 too'
  return undefined
}
