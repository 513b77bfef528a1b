import { aside, type Clause } from './clause.ts'

const INSIDE = 'what a side keeps or does within itself is not on the wire'
const UNKNOWABLE = 'both the breach and a legal packet have the same bytes'
const LEFT = 'the other side judges it; the gateway passes both'

/** Clauses that bind a side and that nothing between the two can hold it to. */
export const asideClauses: readonly Clause[] = [
  aside('4', 'MQTT-2.3.1-3', 'client', 'A packet that is sent again has its old identifier.', UNKNOWABLE),
  aside('4', 'MQTT-2.3.1-5', 'both', 'A PUBLISH of QoS 0 has no identifier.', 'two bytes more are payload'),
  aside(
    '5',
    'MQTT-2.2.1-2',
    'both',
    'A PUBLISH of QoS 0 has no identifier.',
    'two bytes more are properties or payload',
  ),
  aside(
    '4',
    'MQTT-3.1.2-23',
    'client',
    'A client that is silent pings within its keep alive.',
    'its breach is the next clause',
  ),
  aside(
    '4',
    'MQTT-3.1.2-24',
    'server',
    'After one and a half times the keep alive the connection is ended.',
    'the gateway does so itself (`keep_alive`, sweep.ts); a stream of bytes has no clock',
  ),
  aside(
    '5',
    'MQTT-3.1.2-20',
    'client',
    'A client that is silent pings within its keep alive.',
    'its breach is MQTT-3.1.2-22',
  ),
  aside(
    '5',
    'MQTT-3.1.2-22',
    'server',
    'After one and a half times the keep alive the connection is ended.',
    'the gateway does so itself (`keep_alive`, sweep.ts); a stream of bytes has no clock',
  ),
  aside(
    '5',
    'MQTT-3.2.2-16',
    'server',
    'A client without an identifier is given one.',
    'the gateway gives it the device id itself',
  ),
  aside('45', 'MQTT-3.3.1-1', 'both', 'DUP is set when a PUBLISH is sent again.', UNKNOWABLE),
  aside('45', 'MQTT-3.3.1-3', 'server', 'DUP of a message sent on is independent of the one received.', INSIDE),
  aside(
    '45',
    'MQTT-3.3.2-3',
    'server',
    "A message's topic matches a subscription of its receiver.",
    'sessions have subscriptions from former connections, and brokers may add some',
  ),
  aside('5', 'MQTT-3.3.4-8', 'client', 'Other packets are not held back by the receive maximum.', INSIDE),
  aside(
    '5',
    'MQTT-3.4.2-2',
    'both',
    'Reason strings do not make a packet larger than its receiver takes; so in all acknowledgements.',
    'a larger packet is refused as such',
  ),
  aside('4', 'MQTT-3.9.3-1', 'server', 'Return codes stand in the order of the filters.', UNKNOWABLE),
  aside('5', 'MQTT-3.9.3-1', 'server', 'Reason codes stand in the order of the filters.', UNKNOWABLE),
  aside('45', 'MQTT-4.1.0-1', 'both', 'The session is kept.', INSIDE),
  aside(
    '5',
    'MQTT-4.3.2-2',
    'both',
    'A new message has DUP 0.',
    'clients that keep messages over a clean session send them again with DUP',
  ),
  aside('5', 'MQTT-4.3.3-4', 'both', 'PUBREC is followed by PUBREL.', 'it may always still come'),
  aside(
    '5',
    'MQTT-4.3.3-6',
    'both',
    'A PUBLISH is not sent again after its PUBREL.',
    'its identifier is free again by then',
  ),
  aside(
    '5',
    'MQTT-4.4.0-1',
    'both',
    'Messages are sent again after a reconnection only.',
    'packet_id_in_use names it while the first is under way; later it looks like a new message',
  ),
  aside('45', 'MQTT-4.6.0-1', 'client', 'What is sent again keeps its order.', LEFT),
  aside('45', 'MQTT-4.6.0-2', 'client', 'PUBACKs come in the order of their messages.', LEFT),
  aside('45', 'MQTT-4.6.0-3', 'client', 'PUBRECs come in the order of their messages.', LEFT),
  aside('45', 'MQTT-4.6.0-4', 'client', 'PUBRELs come in the order of their PUBRECs.', LEFT),
  aside(
    '45',
    'MQTT-4.7.2-1',
    'server',
    'A leading wildcard does not match a topic that begins with $.',
    "matching is the broker's; roles match so (match.ts)",
  ),
  aside(
    '45',
    'MQTT-4.7.3-3',
    'both',
    'Topics and filters have at most 65,535 bytes.',
    'the length before a text has two bytes',
  ),
]
