import { expect, test } from 'vitest'
import { deliveryFault } from './delivery.ts'
import { isTopicFault, readSparkplugTopic, type SparkplugTopic } from './topic.ts'

test.each([
  [
    'spBv1.0/plant/NBIRTH/edge',
    { type: 'NBIRTH', group: 'plant', node: 'edge', device: null, subject: 'edge', command: false },
  ],
  [
    'spBv1.0/plant/DDATA/edge/press 1',
    { type: 'DDATA', group: 'plant', node: 'edge', device: 'press 1', subject: 'press 1', command: false },
  ],
  ['spBv1.0/plant/DCMD/edge/press', { type: 'DCMD', device: 'press', command: true }],
  ['spBv1.0/STATE/scada', { type: 'STATE', group: '', node: 'scada', subject: 'scada' }],
])('%s', (topic, expected) => expect(readSparkplugTopic(topic)).toMatchObject(expected))

test.each([
  ['spAv1.0/plant/NBIRTH/edge', 'tck-id-topic-structure-namespace-a'],
  ['spBv1.0', 'tck-id-topic-structure'],
  ['spBv1.0/plant', 'tck-id-topic-structure'],
  ['spBv1.0/plant/NBIRTH', 'tck-id-topic-structure'],
  ['spBv1.0/plant/nbirth/edge', 'tck-id-topic-structure'],
  ['spBv1.0/plant/STATE/edge', 'tck-id-topic-structure'],
  ['spBv1.0/plant/DDATA/edge', 'tck-id-topic-structure-namespace-device-id-associated-message-types'],
  ['spBv1.0/plant/NDATA/edge/press', 'tck-id-topic-structure-namespace-device-id-non-associated-message-types'],
  ['spBv1.0/plant/DDATA/edge/press/a', 'tck-id-topic-structure'],
  ['spBv1.0//NDATA/edge', 'tck-id-topic-structure-namespace-valid-group-id'],
  ['spBv1.0/plant/NDATA/', 'tck-id-topic-structure-namespace-valid-edge-node-id'],
  ['spBv1.0/plant/DDATA/edge/', 'tck-id-topic-structure-namespace-valid-device-id'],
  ['spBv1.0/STATE', 'tck-id-host-topic-phid-birth-topic'],
  ['spBv1.0/STATE/a/b', 'tck-id-host-topic-phid-birth-topic'],
])('%s is refused', (topic, clause) =>
  expect(readSparkplugTopic(topic)).toMatchObject({ code: 'sparkplug_topic', clause }),
)

function topic(text: string): SparkplugTopic {
  const read = readSparkplugTopic(text)
  if (isTopicFault(read)) throw new Error(read.why)
  return read
}

test.each([
  ['spBv1.0/p/NBIRTH/e', 'publish', 0, false, ''],
  ['spBv1.0/p/NBIRTH/e', 'publish', 1, false, 'tck-id-payloads-nbirth-qos'],
  ['spBv1.0/p/DDATA/e/d', 'publish', 0, true, 'tck-id-payloads-ddata-retain'],
  ['spBv1.0/p/DDEATH/e/d', 'publish', 2, false, 'tck-id-topics-ddeath-mqtt'],
  ['spBv1.0/p/NCMD/e', 'receive', 1, false, 'tck-id-payloads-ncmd-qos'],
  ['spBv1.0/p/NDEATH/e', 'will', 1, false, ''],
  ['spBv1.0/p/NDEATH/e', 'will', 0, false, 'tck-id-payloads-ndeath-will-message-qos'],
  ['spBv1.0/p/NDEATH/e', 'will', 1, true, 'tck-id-payloads-ndeath-will-message-retain'],
  ['spBv1.0/p/NDATA/e', 'will', 1, false, 'tck-id-message-flow-edge-node-birth-publish-will-message-topic'],
  ['spBv1.0/p/NDEATH/e', 'publish', 0, false, ''],
  ['spBv1.0/p/NDEATH/e', 'publish', 1, false, ''],
  ['spBv1.0/p/NDEATH/e', 'publish', 2, false, 'tck-id-payloads-ndeath-will-message-qos'],
  ['spBv1.0/p/NDEATH/e', 'publish', 1, true, 'tck-id-payloads-ndeath-will-message-retain'],
  ['spBv1.0/STATE/s', 'receive', 1, true, ''],
  ['spBv1.0/STATE/s', 'publish', 0, true, 'tck-id-host-topic-phid-birth-qos'],
])('%s as %s with QoS %i, retained %s', (text, action, qos, retain, clause) => {
  const fault = deliveryFault(topic(text), { action, qos, retain })
  expect(fault?.clause ?? '').toBe(clause)
  expect(fault === null || fault.code === 'sparkplug_delivery').toBe(true)
})
