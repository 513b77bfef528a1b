import { type Clause, kept } from './clause.ts'

const k = (id: string, binds: Clause['binds'], says: string, files: string, codes: string): Clause =>
  kept('45', id, binds, says, files, codes)

/** Clauses with one number and one meaning in both versions. */
export const bothClauses: readonly Clause[] = [
  k('MQTT-3.3.1-2', 'both', 'DUP is 0 with QoS 0.', 'publish', 'dup_qos_0'),
  k('MQTT-3.3.1-4', 'both', 'A PUBLISH has not both QoS bits set.', 'publish', 'qos_3'),
  k('MQTT-3.3.2', 'both', 'A PUBLISH has its topic and identifier.', 'publish', 'truncated'),
  k('MQTT-3.3.2-2', 'both', 'A topic name holds no wildcard.', 'publish', 'topic_wildcard'),
  k('MQTT-3.4.2', 'both', 'PUBACK has its identifier, and nothing after its end.', 'acks', 'trailing_bytes truncated'),
  k('MQTT-3.5.2', 'both', 'So has PUBREC.', 'acks', 'trailing_bytes truncated'),
  k('MQTT-3.6.1-1', 'both', 'The flags of PUBREL are 2.', 'legal body', 'reserved_flags'),
  k('MQTT-3.6.2', 'both', 'PUBREL has its identifier, and nothing after its end.', 'acks', 'trailing_bytes truncated'),
  k('MQTT-3.7.2', 'both', 'So has PUBCOMP.', 'acks', 'trailing_bytes truncated'),
  k('MQTT-3.8.1-1', 'client', 'The flags of SUBSCRIBE are 2.', 'legal body', 'reserved_flags'),
  k(
    'MQTT-3.8.3',
    'client',
    'Of a SUBSCRIBE at most 1,024 filters are read (our own limit).',
    'subscribe',
    'too_many_filters',
  ),
  k('MQTT-3.8.3-1', 'client', 'Filters of SUBSCRIBE are well-formed UTF-8.', 'subscribe', 'text_malformed'),
  k('MQTT-3.9.3-2', 'server', 'SUBACK has its return or reason codes.', 'legal suback', 'reason_illegal'),
  k('MQTT-3.10.1-1', 'client', 'The flags of UNSUBSCRIBE are 2.', 'legal body', 'reserved_flags'),
  k(
    'MQTT-3.10.3',
    'client',
    'Of an UNSUBSCRIBE at most 1,024 filters are read (our own limit).',
    'unsubscribe',
    'too_many_filters',
  ),
  k('MQTT-3.10.3-1', 'client', 'Filters of UNSUBSCRIBE are well-formed UTF-8.', 'unsubscribe', 'text_malformed'),
  k('MQTT-3.10.3-2', 'client', 'UNSUBSCRIBE has at least one filter.', 'unsubscribe', 'no_filters'),
  k('MQTT-3.12.2', 'both', 'PINGREQ has no body.', 'acks', 'trailing_bytes'),
  k('MQTT-3.14.1-1', 'both', 'The flags of DISCONNECT are 0.', 'legal body', 'reserved_flags'),
  k('MQTT-3.14.2', 'both', 'Nothing follows after the end of a DISCONNECT.', 'acks', 'trailing_bytes'),
  k(
    'MQTT-4.7.3-1',
    'both',
    'Topics and filters have at least one character.',
    'publish topic will properties',
    'topic_empty will_topic filter_empty response_topic_empty',
  ),
]

/** Of the sections above, those that 5.0 numbers alike for CONNECT. */
export const SHARED_WITH_FIVE: readonly string[] = [
  'MQTT-3.1.0-1',
  'MQTT-3.1.0-2',
  'MQTT-3.1.2-1',
  'MQTT-3.1.2-2',
  'MQTT-3.1.2-3',
  'MQTT-3.1.2-9',
  'MQTT-3.1.3-1',
  'MQTT-3.1.3-4',
]
