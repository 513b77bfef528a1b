export { type Delivery, deliveryFault } from './delivery.ts'
export type { SparkplugFault } from './fault.ts'
export { SparkplugJudge } from './judge.ts'
export { type KeptNode, keepNode, restoreNode } from './kept.ts'
export { compileMetrics, isShapeFault, type MetricShape, type ShapeFault } from './metric-shape.ts'
export { Phase, SPARKPLUG_OPTIONS, SparkplugNode, type SparkplugOptions } from './node.ts'
export { SparkplugPayload } from './payload.ts'
export { SPARKPLUG_LIMITS, type SparkplugLimits } from './table.ts'
export {
  isTopicFault,
  readSparkplugTopic,
  type SparkplugTopic,
  type SparkplugType,
  type TopicFault,
} from './topic.ts'
