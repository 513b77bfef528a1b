import { PacketType } from '@ringwall/wire/mqtt'

/** The sticky buffers, numbered: the parts of a packet that contents are looked for in. */
export const Sticky = {
  /** The whole packet, for rules of `tcp` and `ip`. */
  packet: 0,
  publishTopic: 1,
  publishMessage: 2,
  clientId: 3,
  username: 4,
  password: 5,
  protocolString: 6,
  willTopic: 7,
  willMessage: 8,
  subscribeTopic: 9,
  unsubscribeTopic: 10,
} as const
export type Sticky = (typeof Sticky)[keyof typeof Sticky]

export const BUFFERS = 11

/** The keywords that choose a buffer. */
export const BUFFER_KEYWORDS: ReadonlyMap<string, Sticky> = new Map([
  ['mqtt.publish.topic', Sticky.publishTopic],
  ['mqtt.publish.message', Sticky.publishMessage],
  ['mqtt.connect.clientid', Sticky.clientId],
  ['mqtt.connect.username', Sticky.username],
  ['mqtt.connect.password', Sticky.password],
  ['mqtt.connect.protocol_string', Sticky.protocolString],
  ['mqtt.connect.willtopic', Sticky.willTopic],
  ['mqtt.connect.willmessage', Sticky.willMessage],
  ['mqtt.subscribe.topic', Sticky.subscribeTopic],
  ['mqtt.unsubscribe.topic', Sticky.unsubscribeTopic],
])

/** The keyword of each buffer, as findings name it. */
export const BUFFER_NAMES: readonly string[] = ['packet', ...BUFFER_KEYWORDS.keys()]

/** A set of packet types, a bit for each. */
export const typeBit = (type: number): number => 1 << type
export const EVERY_TYPE = 0xffff

/** The types of packets that have a buffer. */
export function typesWith(buffer: Sticky): number {
  switch (buffer) {
    case Sticky.packet:
      return EVERY_TYPE
    case Sticky.publishTopic:
    case Sticky.publishMessage:
      return typeBit(PacketType.PUBLISH)
    case Sticky.subscribeTopic:
      return typeBit(PacketType.SUBSCRIBE)
    case Sticky.unsubscribeTopic:
      return typeBit(PacketType.UNSUBSCRIBE)
    default:
      return typeBit(PacketType.CONNECT)
  }
}
