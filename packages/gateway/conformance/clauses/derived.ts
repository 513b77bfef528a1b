import { type Clause, kept } from './clause.ts'

/** Clauses that ask for what another asks for too, by which their breach is reported. */
export const derivedClauses: readonly Clause[] = [
  kept(
    '45',
    'MQTT-3.1.4-1',
    'server',
    'A CONNECT is judged by all of section 3.1; here: its reserved flag.',
    'connect',
    'reserved_flags',
    'MQTT-3.1.2-3',
  ),
  kept('45', 'MQTT-3.3.2-1', 'both', 'A PUBLISH begins with its topic.', 'publish', 'truncated', 'MQTT-3.3.2'),
  kept(
    '4',
    'MQTT-3.8.4-2',
    'server',
    'SUBACK has the identifier of its SUBSCRIBE.',
    'asked',
    'answer_unasked',
    'MQTT-2.3.1-7',
  ),
  kept(
    '5',
    'MQTT-3.8.4-2',
    'server',
    'SUBACK has the identifier of its SUBSCRIBE.',
    'asked',
    'answer_unasked',
    'MQTT-2.2.1-6',
  ),
  kept(
    '5',
    'MQTT-3.8.4-7',
    'server',
    'A reason code of SUBACK grants a QoS or tells a failure.',
    'legal suback',
    'reason_illegal',
    'MQTT-3.9.3-2',
  ),
  kept(
    '4',
    'MQTT-3.10.4-4',
    'server',
    'UNSUBACK has the identifier of its UNSUBSCRIBE.',
    'asked',
    'answer_unasked',
    'MQTT-2.3.1-7',
  ),
  kept(
    '5',
    'MQTT-3.10.4-5',
    'server',
    'UNSUBACK has the identifier of its UNSUBSCRIBE.',
    'asked',
    'answer_unasked',
    'MQTT-2.2.1-6',
  ),
  kept('45', 'MQTT-4.3.1-1', 'both', 'A message of QoS 0 has DUP 0.', 'publish', 'dup_qos_0', 'MQTT-3.3.1-2'),
  ...(['MQTT-4.3.2-1', 'MQTT-4.3.3-1'] as const).flatMap(id => {
    const says = `A new message of QoS ${id === 'MQTT-4.3.2-1' ? 1 : 2} has an identifier that is not in use.`
    return [
      kept('4', id, 'both', says, 'session', 'packet_id_in_use', 'MQTT-2.3.1-2'),
      kept('5', id, 'both', says, 'session', 'packet_id_in_use', 'MQTT-2.2.1-3'),
    ]
  }),
]
