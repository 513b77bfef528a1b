import type { SensorLimits } from '../../../packages/learn/src/robust/telemetry/index.ts'
import { alone, beside, progress } from '../base/report.ts'
import type { Bench } from './bench.ts'
import { type Situation, START_SEEDS, situations, spoofed } from './model-telemetry-attack.ts'
import {
  type Contender,
  calibratedContender,
  falseAlarms,
  hardened,
  LEVEL,
  plain,
} from './model-telemetry-detectors.ts'
import { delays, FAULTS } from './model-telemetry-faults.ts'
import { isHardenedNet, NET_KINDS, nets } from './model-telemetry-nets.ts'
import { columnOf, normalRows } from './model-telemetry-plant.ts'
import { plantSeed } from './model-telemetry-seeds.ts'

const HOUR = 3600
const PLAIN = 'autoencoder'
const HARDENED = 'all together'
/** 3.15 cm/s is what the open inlet does to the tank. */
const TANK: SensorLimits = { column: LEVEL, low: 0, high: 2, resolution: 1e-4, rate: 0.0315 }
const FLOOR: SensorLimits = { column: columnOf('pressure-3'), low: -5, high: 260, resolution: 1e-4, rate: 5 }
const INFLOW: SensorLimits = { column: columnOf('flow-1'), low: -1, high: 14, resolution: 1e-4, rate: 3 }

const INFLOW_TOO = 'level and inflow'

/** What the spoofer speaks for, and how the second sensor would have to lie along by physics: 9.79 kPa a meter of water; 400 l/s for a meter a second. */
const SPOOFERS = [
  { name: 'level', sensors: [TANK], along: [] },
  { name: 'level and floor pressure', sensors: [TANK, FLOOR], along: [{ share: 9.79, slope: 0 }] },
  { name: INFLOW_TOO, sensors: [TANK, INFLOW], along: [{ share: 0, slope: 400 }] },
]
/** Seconds to get there before the minute that the error is held. */
const APPROACHES = { quick: 60, slow: 600 }
const SLOW = new Set(['series detector', PLAIN, 'redundancy', 'balance', HARDENED])

/**
 * The largest error that a spoofer of the lab's tank level who knows the detector can hold for a minute without an alarm, in centimeters: for plain detectors, for each measure of hardening by itself, and for all of them
 * together, at thresholds that were set in the same way by the same 48 h of normal operation. Then what hardening costs: false alarms of another 24 h, and the delay of honest faults.
 */
export const modelTelemetry: Bench = async function* ({ options }) {
  const { quick, seed } = options
  const hours = quick ? 1 : 24
  progress('model-telemetry: normal operation')
  const train = normalRows(plantSeed('learn', seed), (quick ? 1 : 6) * HOUR)
  const [first, second, held] = (['first', 'second', 'held'] as const).map(use =>
    normalRows(plantSeed(use, seed), hours * HOUR),
  )
  progress('model-telemetry: learning')
  const before = [...(await plain(train)), ...(await nets(train, seed))]
  const own = { ...before.find(({ name }) => name === 'series detector')!, name: 'series detector, own threshold' }
  const others = [...before, ...(await hardened(train, before))].map(each => calibratedContender(each, first!, second!))
  const contenders: Contender[] = [own, ...others]
  const errors = new Map<string, number[]>()
  for (const contender of contenders) {
    const { name } = contender
    const subject = { bench: 'model', case: `model-telemetry ${name}` }
    yield alone({ ...subject, metric: 'false alarms', unit: `in ${hours} h` }, [falseAlarms(contender, held!)])
    for (const [pace, approach] of Object.entries(APPROACHES)) {
      if (pace === 'slow' && !SLOW.has(name)) continue
      const starts = situations(contender, seed, quick ? 1 : pace === 'slow' ? START_SEEDS / 2 : START_SEEDS, approach)
      for (const spoofer of SPOOFERS) {
        // Hardened nets, but for one step, do not see the inflow.
        if (spoofer.name === INFLOW_TOO && isHardenedNet(name)) continue
        progress(`model-telemetry: ${name}, ${pace}, ${spoofer.name}`)
        const found = starts.map((start: Situation) => 100 * spoofed(start, spoofer, approach))
        errors.set(`${name}, ${pace}, ${spoofer.name}`, found)
        const metric = `held error, ${pace}, ${spoofer.name}`
        yield alone({ ...subject, metric, unit: 'cm', note: `mean ${mean(found).toFixed(2)}` }, found)
      }
    }
  }
  for (const pace of Object.keys(APPROACHES))
    for (const { name } of SPOOFERS) {
      const at = (who: string): number[] => errors.get(`${who}, ${pace}, ${name}`)!
      const subject = { bench: 'model', case: 'model-telemetry hardening', metric: `mean held error, ${pace}, ${name}` }
      for (const peer of ['series detector', PLAIN])
        yield beside({ ...subject, unit: 'cm' }, [mean(at(HARDENED))], peer, [mean(at(peer))])
    }
  for (const kind of NET_KINDS) {
    const at = (who: string): number[] => errors.get(`${who}, quick, level`)!
    for (const step of ['adversarial', 'adversarial, own residual', 'hidden, own residual']) {
      const subject = { bench: 'model', case: `model-telemetry ${kind}`, metric: `mean held error, ${step}` }
      yield beside({ ...subject, unit: 'cm' }, [mean(at(`${kind}, ${step}`))], `plain ${kind}`, [mean(at(kind))])
    }
  }
  for (const fault of FAULTS) {
    const of = (name: string) =>
      delays(contenders.find(each => each.name === name)!, fault, seed, quick ? 2 : START_SEEDS)
    const subject = { bench: 'model', case: 'model-telemetry fault', metric: `delay, ${fault.name}`, unit: 's' }
    const after = of(HARDENED)
    for (const peer of ['series detector', PLAIN]) yield beside(subject, after, peer, of(peer))
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
