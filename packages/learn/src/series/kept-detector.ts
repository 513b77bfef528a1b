import { Fields, type Kept } from '../base/fields.ts'
import { channelFrom, keptChannel } from './channels.ts'
import { MOST_SENSORS } from './chosen.ts'
import { SeriesDetector } from './detector.ts'
import { MOST_COUNT, MOST_VALUE } from './last-values.ts'
import { UNFIT } from './select.ts'

const MOST_CHANNELS = 16

/**
 * A detector as plain data, for a model file. It is read back before it is given, so that nothing is kept that could not be used again.
 * Errors: `scorer_unkept`, and `model_field` where a part is larger than a file may say.
 */
export function keptDetector(detector: SeriesDetector): Kept {
  const { channels, unfit, usual, patience, off, oldest, falseAlarms } = detector.learned
  const kept = {
    channels: channels.map(keptChannel),
    unfit: Array.from(unfit, ([sensor, why]) => ({ sensor, why })),
    usual,
    patience,
    off,
    // Forever is no number in JSON.
    oldest: oldest > MOST_COUNT ? null : oldest,
    falseAlarms,
  }
  const fields = new Fields(kept)
  detectorFrom(fields)
  fields.end()
  return kept
}

/** Makes the detector that `keptDetector` was given: it scores to the same bits. Errors: `model_field`, `model_tree`, `shape_wrong`. */
export function detectorFrom(fields: Fields): SeriesDetector {
  const range = { least: -MOST_VALUE, most: MOST_VALUE }
  const usual = fields.numbers('usual', Float64Array, { least: 1, most: MOST_SENSORS }, range)
  const sensors = usual.length
  const channels = fields.list('channels', { least: 1, most: MOST_CHANNELS }).map(channelFrom)
  const other = channels.findIndex(({ scorer }) => scorer.sensors !== sensors)
  if (other >= 0)
    throw fields.wrong(
      `channels[${other}].scorer.sensors`,
      `is ${channels[other]!.scorer.sensors}, and 'usual' has ${sensors}`,
    )
  const unfit = fields.list('unfit', { most: sensors }).map(each => {
    return [each.whole('sensor', { least: 0, most: sensors - 1 }), each.oneOf('why', UNFIT)] as const
  })
  const twice = unfit.findIndex(([sensor], i) => unfit.findIndex(([other]) => other === sensor) < i)
  if (twice >= 0) throw fields.wrong(`unfit[${twice}].sensor`, `is ${unfit[twice]![0]}, which is there already`)
  return new SeriesDetector({
    channels,
    unfit: new Map(unfit),
    usual,
    patience: fields.numbers('patience', Int32Array, sensors, { least: 0 }),
    off: fields.number('off', { most: 1 }),
    oldest: fields.has('oldest') ? fields.number('oldest', { least: 0, most: MOST_COUNT }) : Number.POSITIVE_INFINITY,
    falseAlarms: fields.number('falseAlarms', { least: 0, most: 1 }),
  })
}
