import { Fields } from '../../base/fields.ts'
import { changeFrom } from '../../change/index.ts'
import { detectorFrom, keptDetector, LEAST_ROWS } from '../../series/index.ts'
import type { SeriesModel } from './any.ts'
import type { Json } from './canonical.ts'
import type { ModelCalibration, ModelRecord } from './record.ts'
import { checkRowsRecord } from './rows-record.ts'
import { pack, unpack } from './series-pack.ts'
import type { NamedArray } from './tensors.ts'

/** Takes a series model apart. Errors: `scorer_unkept`, `model_field`. */
export function seriesParts({ detector, change }: SeriesModel): { options: object; arrays: readonly NamedArray[] } {
  const { json, arrays } = pack({ detector: keptDetector(detector), change: change === null ? null : { ...change } })
  return { options: json as object, arrays }
}

/** Puts a series model together; all that it says is checked, and nothing else is there. Errors: `model_field`, `model_tensor`, `model_tree`, `shape_wrong`. */
export function seriesOf(options: object, arrays: readonly NamedArray[]): SeriesModel {
  const fields = new Fields(unpack({ json: options as Json, arrays }))
  const detector = detectorFrom(fields.of('detector'))
  const change = fields.has('change') ? changeFrom(fields.of('change')) : null
  if (change !== null && change.columns !== detector.sensors)
    throw fields.wrong('change.columns', `is ${change.columns}, and there are ${detector.sensors} sensors`)
  fields.end()
  return { detector, change }
}

/** How often a series model alarms where nothing is wrong, and by what that is known. */
export function seriesCalibration({ detector }: SeriesModel): ModelCalibration {
  const { channels, falseAlarms } = detector.learned
  return {
    threshold: 1,
    falseAlarms,
    method: detector.sensors === 1 ? RECORDS : HELD_OUT,
    channels: channels.map(({ name, threshold, calibration }) => ({ name, threshold, scores: calibration.count })),
  }
}

const HELD_OUT =
  'scores of training rows, each stretch held out and scored by what was learned of the others; a generalized Pareto tail beyond the highest'
const RECORDS = 'of exchangeable rows, the next one breaks a record no more often than this'

/** What is told of a series model in few words. */
export function seriesSummary({ detector, change }: SeriesModel): Json {
  const { unfit, off } = detector.learned
  return {
    sensors: detector.sensors,
    alarmEndsAt: off,
    unfit: Array.from(unfit, ([sensor, why]) => `${sensor}: ${why}`),
    changes: change === null ? null : { reference: change.reference, windows: change.windows },
  }
}

/** Makes sure that what a record says beside its series model is of that model, and that it says nothing else. Error: `model_field`. */
export function checkSeriesRecord(model: SeriesModel, record: Omit<ModelRecord, 'model'>): void {
  checkRowsRecord(record, {
    what: 'series',
    columns: model.detector.sensors,
    leastRows: LEAST_ROWS,
    calibration: seriesCalibration(model),
  })
}
