import type { ValidateFunction } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import {
  Captures,
  compileMetrics,
  compileSchema,
  isShape,
  isShapeFault,
  isTopicFault,
  type MetricShape,
  readSparkplugTopic,
  SparkplugJudge,
  SparkplugNode,
} from '../../src/index.ts'
import { payload } from '../../src/payload/sparkplug/payloads.testkit.ts'
import { Random } from '../random.ts'
import type { Judged, PayloadFormat } from './format.ts'
import { ajvOf } from './json-reference.ts'
import { birth, type Metric, metricsSchema, mutatePayload } from './sparkplug-make.ts'
import { birthByReference } from './sparkplug-reference.ts'

const CORPUS = 12
const nobody = new Uint8Array(0)
const names = { device: nobody, site: nobody }
const captures = new Captures(0)
const judge = new SparkplugJudge()
const topic = readSparkplugTopic('spBv1.0/plant/NBIRTH/edge')

interface Pair {
  readonly shape: MetricShape
  readonly validate: ValidateFunction
  /** Metrics of every type and nesting. */
  readonly corpus: readonly Metric[]
}

const pairs = new WeakMap<Judged, Pair>()

function pairOf(judged: Judged): Pair {
  const known = pairs.get(judged)
  if (known === undefined) throw new Error('this was not generated here')
  return known
}

/** NBIRTHs of Sparkplug B beside sparkplug-payload, and their metrics as an object beside ajv. */
export const sparkplug: PayloadFormat = {
  name: 'sparkplug',
  generate(seed) {
    const random = new Random(seed)
    for (;;) {
      const schema = metricsSchema(random)
      const compiled = compileSchema(schema)
      if (!isShape(compiled)) continue
      const shape = compileMetrics(compiled)
      if (isShapeFault(shape)) throw new Error(shape.why)
      const judged = { schema, shape: compiled }
      const corpus = fc.sample(payload, { seed, numRuns: CORPUS }).flatMap(one => one.metrics ?? [])
      pairs.set(judged, {
        shape,
        validate: ajvOf(schema),
        corpus: [...corpus, { timestamp: 1, datatype: 3, intValue: 1 }],
      })
      return judged
    }
  },
  encode: (judged, random) => birth(pairOf(judged).corpus, random),
  mutate: mutatePayload,
  check(judged, bytes) {
    if (isTopicFault(topic)) return topic.code
    const node = new SparkplugNode()
    const { shape } = pairOf(judged)
    if (judge.judge(node, topic, false, shape, bytes, 0, bytes.length, names, captures)) return null
    return judge.fault?.code ?? 'no fault'
  },
  reference: (judged, bytes) => birthByReference(pairOf(judged).validate, bytes),
}
