import type { SparkplugFault } from './fault.ts'
import type { SparkplugTopic } from './topic.ts'

/** How MQTT carries a message: an `Act` of the gateway is one. */
export interface Delivery {
  /** `will` for the will of a CONNECT. */
  readonly action: string
  readonly qos: number
  readonly retain: boolean
}

/** What Sparkplug 3.0 says of QoS, retain and wills: a fault, or null. */
export function deliveryFault(topic: SparkplugTopic, { action, qos, retain }: Delivery): SparkplugFault | null {
  const type = topic.type.toLowerCase()
  if (topic.type === 'STATE') {
    if (qos !== 1) return fault(`a STATE message has QoS ${qos} instead of 1`, 'tck-id-host-topic-phid-birth-qos')
    return retain ? null : fault('a STATE message is not retained', 'tck-id-host-topic-phid-birth-retain')
  }
  if (action === 'will') return willFault(topic, qos, retain)
  const clause = (rule: string) => {
    if (topic.type === 'DDEATH') return 'tck-id-topics-ddeath-mqtt'
    return topic.type === 'NDEATH' ? `tck-id-payloads-ndeath-will-message-${rule}` : `tck-id-payloads-${type}-${rule}`
  }
  if (retain) return fault(`${topic.type} is retained`, clause('retain'))
  // How a published NDEATH has to be sent is not said; as a will it has QoS 1.
  if (qos === 0 || (topic.type === 'NDEATH' && qos === 1)) return null
  return fault(`${topic.type} has QoS ${qos} instead of 0`, clause('qos'))
}

function willFault(topic: SparkplugTopic, qos: number, retain: boolean): SparkplugFault | null {
  if (topic.type !== 'NDEATH') {
    const clause = 'tck-id-message-flow-edge-node-birth-publish-will-message-topic'
    return fault(`the will of an edge node is an NDEATH, not ${topic.type}`, clause)
  }
  if (qos !== 1) return fault(`the NDEATH will has QoS ${qos} instead of 1`, 'tck-id-payloads-ndeath-will-message-qos')
  return retain ? fault('the NDEATH will is retained', 'tck-id-payloads-ndeath-will-message-retain') : null
}

function fault(why: string, clause: string): SparkplugFault {
  return { code: 'sparkplug_delivery', where: '', why, offset: 0, clause }
}
