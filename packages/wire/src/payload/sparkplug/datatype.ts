/** The data types of Sparkplug B 3.0, section 6.4.16, by their names in the standard. */
export const DataType = {
  Unknown: 0,
  Int8: 1,
  Int16: 2,
  Int32: 3,
  Int64: 4,
  UInt8: 5,
  UInt16: 6,
  UInt32: 7,
  UInt64: 8,
  Float: 9,
  Double: 10,
  Boolean: 11,
  String: 12,
  DateTime: 13,
  Text: 14,
  UUID: 15,
  DataSet: 16,
  Bytes: 17,
  File: 18,
  Template: 19,
  PropertySet: 20,
  PropertySetList: 21,
  Int8Array: 22,
  Int16Array: 23,
  Int32Array: 24,
  Int64Array: 25,
  UInt8Array: 26,
  UInt16Array: 27,
  UInt32Array: 28,
  UInt64Array: 29,
  FloatArray: 30,
  DoubleArray: 31,
  BooleanArray: 32,
  StringArray: 33,
  DateTimeArray: 34,
} as const

const NAMES: readonly string[] = Object.keys(DataType)

/** The name of a data type, or its number where the standard has none. */
export function dataTypeName(type: number): string {
  return NAMES[type] ?? `number ${type}`
}

/** Which field of a `oneof value` holds a value; the numbers are those of the message Metric. */
export const ValueField = {
  none: 0,
  int: 10,
  long: 11,
  float: 12,
  double: 13,
  boolean: 14,
  string: 15,
  bytes: 16,
  dataset: 17,
  template: 18,
  /** Of a property only; no such fields in a Metric. */
  propertySet: 20,
  propertySets: 21,
} as const

const FIELD_NAMES: Readonly<Record<number, string>> = {
  10: 'int_value',
  11: 'long_value',
  12: 'float_value',
  13: 'double_value',
  14: 'boolean_value',
  15: 'string_value',
  16: 'bytes_value',
  17: 'dataset_value',
  18: 'template_value',
  20: 'propertyset_value',
  21: 'propertysets_value',
}

export function valueFieldName(field: number): string {
  return FIELD_NAMES[field] ?? 'no value'
}

/**
 * Whether values of a type stand in a field (section 6.4.17). A UInt32 may stand in `long_value` too: the reference
 * implementations put it there, though the standard says uint32.
 */
export function fieldHolds(field: number, type: number): boolean {
  if (type >= DataType.Int8Array) return type <= DataType.DateTimeArray && field === ValueField.bytes
  switch (type) {
    case DataType.Int8:
    case DataType.Int16:
    case DataType.Int32:
    case DataType.UInt8:
    case DataType.UInt16:
      return field === ValueField.int
    case DataType.UInt32:
      return field === ValueField.int || field === ValueField.long
    case DataType.Int64:
    case DataType.UInt64:
    case DataType.DateTime:
      return field === ValueField.long
    case DataType.Float:
      return field === ValueField.float
    case DataType.Double:
      return field === ValueField.double
    case DataType.Boolean:
      return field === ValueField.boolean
    case DataType.String:
    case DataType.Text:
    case DataType.UUID:
      return field === ValueField.string
    case DataType.Bytes:
    case DataType.File:
      return field === ValueField.bytes
    case DataType.DataSet:
      return field === ValueField.dataset
    case DataType.Template:
      return field === ValueField.template
    case DataType.PropertySet:
      return field === ValueField.propertySet
    case DataType.PropertySetList:
      return field === ValueField.propertySets
    default:
      return false
  }
}

/** Types that a metric may have: all but Unknown and those of properties. */
export function isMetricType(type: number): boolean {
  if (type > DataType.DateTimeArray || type < DataType.Int8) return false
  return type !== DataType.PropertySet && type !== DataType.PropertySetList
}

/** Basic types: those of a DataSet's columns and a Template's parameters. */
export function isBasicType(type: number): boolean {
  return type >= DataType.Int8 && type <= DataType.Text
}

/** Types that a property may have: the basic ones and sets of properties. */
export function isPropertyType(type: number): boolean {
  return isBasicType(type) || type === DataType.PropertySet || type === DataType.PropertySetList
}
