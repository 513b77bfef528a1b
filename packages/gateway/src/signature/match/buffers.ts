import { PacketType } from '@ringwall/wire'

/** The parts of a packet that contents are looked for in, numbered. */
export const Buffer = {
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
export type Buffer = (typeof Buffer)[keyof typeof Buffer]

export const BUFFERS = 11

/** The keywords that choose a buffer. */
export const BUFFER_KEYWORDS: ReadonlyMap<string, Buffer> = new Map([
  ['mqtt.publish.topic', Buffer.publishTopic],
  ['mqtt.publish.message', Buffer.publishMessage],
  ['mqtt.connect.clientid', Buffer.clientId],
  ['mqtt.connect.username', Buffer.username],
  ['mqtt.connect.password', Buffer.password],
  ['mqtt.connect.protocol_string', Buffer.protocolString],
  ['mqtt.connect.willtopic', Buffer.willTopic],
  ['mqtt.connect.willmessage', Buffer.willMessage],
  ['mqtt.subscribe.topic', Buffer.subscribeTopic],
  ['mqtt.unsubscribe.topic', Buffer.unsubscribeTopic],
])

/** The keyword of each buffer, as findings name it. */
export const BUFFER_NAMES: readonly string[] = ['packet', ...BUFFER_KEYWORDS.keys()]

/** A set of packet types, a bit for each. */
export const typeBit = (type: number): number => 1 << type
export const EVERY_TYPE = 0xffff

/** The types of packets that have a buffer. */
export function typesWith(buffer: Buffer): number {
  switch (buffer) {
    case Buffer.packet:
      return EVERY_TYPE
    case Buffer.publishTopic:
    case Buffer.publishMessage:
      return typeBit(PacketType.PUBLISH)
    case Buffer.subscribeTopic:
      return typeBit(PacketType.SUBSCRIBE)
    case Buffer.unsubscribeTopic:
      return typeBit(PacketType.UNSUBSCRIBE)
    default:
      return typeBit(PacketType.CONNECT)
  }
}
