export { changeProperties, lowered, type PropertyChange } from './change-properties.ts'
export { LARGEST_PACKET, PacketType, packetName, Reason } from './codes.ts'
export { type Connack, readConnack } from './connack.ts'
export { type Connect, readConnect, textProperty } from './connect.ts'
export { describe } from './describe.ts'
export {
  type AcknowledgementType,
  encodeAcknowledgement,
  encodePublish,
  encodeSuback,
  encodeSubscribe,
  encodeUnsuback,
  type PublishFields,
} from './encode-message.ts'
export {
  type ConnackFields,
  type ConnectChanges,
  encodeAuth,
  encodeConnack,
  encodeConnect,
  encodeDisconnect,
  encodePingreq,
  encodePingresp,
  returnCode,
} from './encode-session.ts'
export { type Fault, isFault, strictFault } from './fault.ts'
export type { Frame } from './frame.ts'
export { filterCovers, filterMatches } from './match.ts'
export { findProperty, numberProperty } from './properties.ts'
export { Property, propertyName } from './property.ts'
export { Scanner, type ScannerOptions } from './scanner.ts'
export { readSuback, type Suback } from './suback.ts'
export { readSubscribe, type Subscribe, type SubscribeFilter } from './subscribe.ts'
export { type FilterProblem, filterProblem, sharedFilter, validTopicFilter, validTopicName } from './topic.ts'
export { readUnsubscribe, type Unsubscribe, type UnsubscribeFilter } from './unsubscribe.ts'
export type { Will } from './will.ts'
