import { Fields } from '../../base/fields.ts'
import { keptWatch, leastRowsOf, type TelemetryWatch, watchFrom } from '../../robust/telemetry/index.ts'
import type { Json } from './canonical.ts'
import type { ModelCalibration, ModelRecord } from './record.ts'
import { checkRowsRecord } from './rows-record.ts'
import { pack, unpack } from './series-pack.ts'
import type { NamedArray } from './tensors.ts'

/** Takes a telemetry watch apart. */
export function watchParts(watch: TelemetryWatch): { options: object; arrays: readonly NamedArray[] } {
  const { json, arrays } = pack(keptWatch(watch))
  return { options: json as object, arrays }
}

/** Puts a telemetry watch together; all that it says is checked, and nothing else is there. Errors: `model_field`, `model_tensor`. */
export function watchOf(options: object, arrays: readonly NamedArray[]): TelemetryWatch {
  const fields = new Fields(unpack({ json: options as Json, arrays }))
  const watch = watchFrom(fields)
  fields.end()
  return watch
}

const METHOD =
  'each residual at its highest score in normal rows that it did not learn from, all by one factor so that others stay below, and a tenth more'

/** How a telemetry watch alarms: above 1, and by which thresholds. In the rows that set them it never did. */
export function watchCalibration({ parts, scored }: TelemetryWatch): ModelCalibration {
  return {
    threshold: 1,
    falseAlarms: 0,
    method: METHOD,
    channels: parts.map(({ scorer, threshold }) => ({
      name: `column ${scorer.parts.watched[0].model.sensor}, ${scorer.name}`,
      threshold,
      scores: scored,
    })),
  }
}

/** What is told of a telemetry watch in few words. */
export function watchSummary({ process, parts }: TelemetryWatch): Json {
  return { columns: process.columns, sensors: process.sensors.map(({ column }) => column), residuals: parts.length }
}

/** Makes sure that what a record says beside its watch is of that watch, and that it says nothing else. Error: `model_field`. */
export function checkWatchRecord(watch: TelemetryWatch, record: Omit<ModelRecord, 'model'>): void {
  checkRowsRecord(record, {
    what: 'watch',
    columns: watch.process.columns,
    leastRows: leastRowsOf(watch.process),
    calibration: watchCalibration(watch),
  })
}
