import type { Matrix } from '../../base/matrix.ts'
import { type Scorer, SeriesDetector } from '../../series/index.ts'
import { calibrated } from './calibrate.ts'
import type { ProcessDescription } from './description.ts'
import type { Exposed } from './exposure.ts'
import { normalParts, settleOf } from './telemetry-watch.ts'
import { type Armed, Watch } from './watch.ts'

/** Rows that a smoothed channel looks back on beside its window. */
const SMOOTHING = 15

/** The channels of a detector, as an attacker sees them: with the rows that each looks back on. */
export function channelsOf({ channels }: SeriesDetector): Armed[] {
  return channels.map(({ scorer, threshold }) => ({ scorer, threshold, memory: scorer.warmUp + SMOOTHING + 1 }))
}

/**
 * What a process is watched by without hardening: `SeriesDetector` over all columns, with thresholds set by the same rows and in the same way as those of a `TelemetryWatch`.
 * Errors: those of `normalParts` and `SeriesDetector.fit`.
 */
export function plainWatch(process: ProcessDescription, rows: Matrix): Exposed {
  const { train, first, second } = normalParts(process, rows)
  const detector = SeriesDetector.fit(train)
  const parts = channelsOf(detector).map(({ scorer, ...part }) => ({
    ...part,
    scorer: bridged(scorer, detector.learned.usual),
  }))
  const armed = calibrated(parts, first, second, settleOf(process))
  return { process, watch: () => Watch.of(armed) }
}

/** A scorer that is given the last value for one that was not said, as a detector does. */
function bridged(scorer: Scorer, usual: ArrayLike<number>): Scorer {
  const { name, sensors, warmUp } = scorer
  return {
    name,
    sensors,
    warmUp,
    stream: () => {
      const inner = scorer.stream()
      const last = Float64Array.from(usual)
      return {
        bytes: inner.bytes + last.byteLength,
        push: row => {
          for (let i = 0; i < last.length; i++) if (Number.isFinite(row[i])) last[i] = row[i]
          return inner.push(last)
        },
        contributions: () => inner.contributions(),
      }
    },
  }
}
