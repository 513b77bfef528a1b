import fc from 'fast-check'
import root from 'sparkplug-payload/lib/sparkplugPayloadProto.js'
import { DataType } from './datatype.ts'

const Message = root.org.eclipse.tahu.protobuf.Payload
type Message = root.org.eclipse.tahu.protobuf.IPayload
type Metric = root.org.eclipse.tahu.protobuf.Payload.IMetric
type Properties = root.org.eclipse.tahu.protobuf.Payload.IPropertySet
type Property = root.org.eclipse.tahu.protobuf.Payload.IPropertyValue

const time = fc.integer({ min: 0, max: 2 ** 41 })
const text = fc.oneof(fc.string({ maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 4 }))
const word = fc.string({ minLength: 1, maxLength: 6 })
const single = fc.float({ noNaN: true, noDefaultInfinity: true })
const double = fc.double({ noNaN: true, noDefaultInfinity: true })
const unsigned = fc.nat(0xffff_ffff)
const whole = fc.oneof(fc.nat(300), fc.maxSafeNat())

/** A value in the fields that a scalar has in a Metric, a property, a parameter and a DataSet alike, with its type. */
const scalar = fc.oneof(
  fc.tuple(fc.constantFrom(1, 5), fc.record({ intValue: fc.nat(0x7f) })),
  fc.tuple(fc.constantFrom(2, 6), fc.record({ intValue: fc.nat(0x7fff) })),
  fc.tuple(fc.constantFrom(3, 7), fc.record({ intValue: unsigned })),
  fc.tuple(fc.constantFrom(4, 8, 13), fc.record({ longValue: whole })),
  fc.tuple(fc.constant(7), fc.record({ longValue: unsigned })),
  fc.tuple(fc.constant(9), fc.record({ floatValue: single })),
  fc.tuple(fc.constant(10), fc.record({ doubleValue: double })),
  fc.tuple(fc.constant(11), fc.record({ booleanValue: fc.boolean() })),
  fc.tuple(fc.constantFrom(12, 14), fc.record({ stringValue: text })),
)

const property: fc.Arbitrary<Property> = fc.oneof(
  { weight: 6, arbitrary: scalar.map(([type, value]) => ({ type, ...value })) },
  scalar.map(([type]) => ({ type, isNull: true })),
  fc.constantFrom(0, 192, 500, 7).map(intValue => ({ type: 3, intValue })),
)
const propertySet = (inner: fc.Arbitrary<Property>): fc.Arbitrary<Properties> =>
  fc
    .array(fc.tuple(fc.oneof(word, fc.constant('Quality')), inner), { maxLength: 3 })
    .map(pairs => ({ keys: pairs.map(([key]) => key), values: pairs.map(([, value]) => value) }))
const properties = propertySet(
  fc.oneof(
    { weight: 4, arbitrary: property },
    propertySet(property).map(propertysetValue => ({ type: DataType.PropertySet, propertysetValue })),
    fc
      .array(propertySet(property), { maxLength: 2 })
      .map(propertyset => ({ type: DataType.PropertySetList, propertysetsValue: { propertyset } })),
  ),
)

const dataSet = fc.array(fc.tuple(word, scalar), { maxLength: 3 }).chain(columns =>
  fc.nat(3).map(rows => ({
    numOfColumns: columns.length,
    columns: columns.map(([name]) => name),
    types: columns.map(([, [type]]) => type),
    rows: Array.from({ length: rows }, () => ({ elements: columns.map(([, [, value]]) => value) })),
  })),
)

const bytes = fc.uint8Array({ maxLength: 16 })
const array = fc.oneof(
  fc.tuple(fc.constantFrom(17, 18, 22, 26), bytes),
  fc.tuple(fc.integer({ min: 22, max: 34 }), bytes),
  fc.tuple(
    fc.constant(30),
    fc.float32Array({ maxLength: 3 }).map(some => new Uint8Array(some.slice().buffer)),
  ),
  fc.tuple(
    fc.constant(33),
    fc.array(word).map(some => new TextEncoder().encode(some.map(one => `${one}\0`).join(''))),
  ),
)

const template = (metrics: fc.Arbitrary<Metric>) =>
  fc.record(
    {
      version: text,
      metrics: fc.array(metrics, { maxLength: 2 }),
      parameters: fc.array(
        fc.tuple(word, scalar).map(([name, [type, value]]) => ({ name, type, ...value })),
        { maxLength: 2 },
      ),
      templateRef: text,
      isDefinition: fc.boolean(),
    },
    { requiredKeys: ['isDefinition'] },
  )

const head = fc.record(
  {
    name: fc.oneof({ weight: 6, arbitrary: word }, text),
    alias: whole,
    timestamp: time,
    isHistorical: fc.boolean(),
    isTransient: fc.boolean(),
    metadata: fc.record(
      {
        isMultiPart: fc.boolean(),
        contentType: text,
        size: whole,
        seq: whole,
        fileName: text,
        md5: text,
        description: text,
      },
      { requiredKeys: [] },
    ),
    properties,
  },
  { requiredKeys: ['timestamp'] },
)

function metricOf(inner: fc.Arbitrary<Metric> | null): fc.Arbitrary<Metric> {
  const value: fc.Arbitrary<Metric> = fc.oneof(
    { weight: 8, arbitrary: scalar.map(([datatype, one]) => ({ datatype, ...one })) },
    text.map(stringValue => ({ datatype: DataType.UUID, stringValue })),
    fc.nat(34).map(datatype => ({ datatype, isNull: true })),
    // Of another type than it says, without a type, without a value.
    scalar.chain(([, one]) => fc.nat(36).map(datatype => ({ datatype, ...one }))),
    scalar.map(([, one]) => one),
    fc.nat(36).map(datatype => ({ datatype })),
    dataSet.map(datasetValue => ({ datatype: DataType.DataSet, datasetValue })),
    array.map(([datatype, bytesValue]) => ({ datatype, bytesValue })),
    ...(inner === null ? [] : [template(inner).map(templateValue => ({ datatype: DataType.Template, templateValue }))]),
  )
  return fc.tuple(head, value).map(([one, other]) => ({ ...one, ...other }))
}

/** Payloads in the reference's own form: mostly good ones, of every type and nesting. */
export const payload: fc.Arbitrary<Message> = fc.record(
  {
    timestamp: time,
    metrics: fc.array(metricOf(metricOf(metricOf(null))), { maxLength: 4 }),
    seq: fc.nat(255),
    uuid: text,
    body: bytes,
  },
  { requiredKeys: [] },
)

/** The payload's bytes as the reference writes them. */
export function write(message: Message): Uint8Array {
  return Message.encode(message).finish()
}
