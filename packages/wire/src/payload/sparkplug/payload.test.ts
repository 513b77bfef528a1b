import { expect, test } from 'vitest'
import { Captures } from '../captures.ts'
import { compileSchema, isShape } from '../schema/compile.ts'
import { SparkplugJudge } from './judge.ts'
import { compileMetrics, isShapeFault } from './metric-shape.ts'
import { SparkplugNode } from './node.ts'
import { SparkplugPayload } from './payload.ts'
import { aliased, bdSeq, encode, metric, NAMES, rebirth, TIME } from './sparkplug.testkit.ts'
import { isTopicFault, readSparkplugTopic } from './topic.ts'

function shapeOf(schema: Parameters<typeof compileSchema>[0]) {
  const annotate = (node: object) => ('rw:slot' in node ? { capture: Number(node['rw:slot']) } : null)
  const compiled = compileSchema(schema, { extra: new Set(['rw:slot']), annotate })
  if (!isShape(compiled)) throw new Error(compiled[0].why)
  const shape = compileMetrics(compiled)
  if (isShapeFault(shape)) throw new Error(shape.why)
  return shape
}

test('the topics of two edge nodes, their states apart, by one judge', () => {
  const judge = new SparkplugJudge()
  const captures = new Captures(1)
  const shape = shapeOf({
    type: 'object',
    properties: { level: { type: 'number', maximum: 2, 'rw:slot': 0 } },
    required: ['level'],
    additionalProperties: false,
  })
  const nodes = [new SparkplugNode(), new SparkplugNode()]
  const said = nodes.map(node => (type: string, payload: Parameters<typeof encode>[0]) => {
    const topic = readSparkplugTopic(`spBv1.0/plant/${type}/edge`)
    if (isTopicFault(topic)) throw new Error(topic.why)
    const reader = new SparkplugPayload(judge, node, topic, type === 'NDEATH' ? null : shape)
    const bytes = encode({ timestamp: TIME, ...payload })
    const check = type === 'NDEATH' ? reader.checkWill : reader.check
    const good = check.call(reader, bytes, 0, bytes.length, NAMES, captures)
    if (good) reader.accept()
    return good ? captures.values[0] : reader.fault?.code
  })
  for (const [i, say] of said.entries()) {
    nodes[i].connect(false)
    say('NDEATH', { metrics: [bdSeq(i)] })
    expect(say('NBIRTH', { metrics: [bdSeq(i), rebirth()], seq: 0 })).toBe('value_missing')
    const level = metric('level', 'Double', i, { alias: 5 })
    expect(say('NBIRTH', { metrics: [bdSeq(i), rebirth(), level], seq: 0 })).toBe(i)
  }
  expect(said[0]('NDATA', { metrics: [aliased(5, 'Double', 1.5)], seq: 1 })).toBe(1.5)
  expect(said[0]('NDATA', { metrics: [aliased(5, 'Double', 2.5)], seq: 2 })).toBe('value_range')
  expect(said[1]('NDATA', { metrics: [aliased(5, 'Double', 0.5)], seq: 1 })).toBe(0.5)
  expect(said[0]('NDATA', { metrics: [], seq: 3 })).toBeNaN()
})
