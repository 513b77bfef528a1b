import { choice, count, duration, flag, list, section, text } from '../leaf.ts'

/** How a connection's protocol state is kept. */
export const session = section(
  {
    takeover: choice(['keep', 'replace'], {
      description:
        'What a second connection of the same device does. `keep`: it is refused while the first proves alive. `replace`: it closes the first, as MQTT says.',
      default: 'keep',
    }),
    maxKeepAlive: duration(
      {
        description: 'The largest keep-alive that a device may have; also the idle limit of one that asked for none.',
        default: '1h',
      },
      // A keep-alive is a 16-bit number of seconds (MQTT 5.0, 3.1.2.10).
      { minimum: 1000, maximum: 65_535_000 },
    ),
    refused: choice(['acknowledge', 'disconnect'], {
      description:
        'What an MQTT 3.1.1 device sees of a refused QoS 1 or 2 publish, which that version has no code for. `acknowledge`: it is acknowledged and dropped. `disconnect`: the connection ends.',
      default: 'acknowledge',
    }),
    inflight: count(
      { description: 'Unacknowledged QoS 1 and 2 messages by connection and direction.', default: 1024 },
      { minimum: 1, maximum: 65_535 },
    ),
    aliases: count(
      { description: 'Topic aliases by connection and direction (MQTT 5).', default: 32 },
      { maximum: 65_535 },
    ),
    strict: flag({
      description:
        'Refuse what MQTT forbids the sender without obliging the receiver to close: control characters in texts, DUP with QoS 0, a payload that says it is UTF-8 and is not, and more (docs/conformance.md has all codes and the few that cannot be relaxed). The broker may send all that can be.',
      default: true,
    }),
    authMethods: list(text('name', { description: 'The name of an authentication method, such as SCRAM-SHA-256.' }), {
      description:
        'Methods of extended authentication (MQTT 5) that are let through to the broker. A device that asks for another is refused with 0x8C.',
      default: [],
    }),
  },
  { description: "Rules of a device's session.", default: {} },
)
