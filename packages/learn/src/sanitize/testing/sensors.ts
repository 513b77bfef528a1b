import { type Random, randomOf } from '../../base/random.ts'

/** A sensor for tests, by kind: so many good values of it. The same seed gives the same ones. */
export type MakeSensor = (rows: number, seed: number) => number[]

/** Stays at levels for times that scatter about a mean, going to another by `next`. */
function held(mean: number, first: number, next: (random: Random, level: number) => number): MakeSensor {
  return (rows, seed) => {
    const random = randomOf(seed)
    const values: number[] = []
    let level = first
    while (values.length < rows) {
      const stay = 1 + Math.floor(-Math.log(1 - random.next()) * mean)
      for (let i = 0; i < stay && values.length < rows; i++) values.push(level)
      level = next(random, level)
    }
    return values
  }
}

function noisy(at: (row: number, random: Random, wave: number) => number, resolution = 0): MakeSensor {
  return (rows, seed) => {
    const random = randomOf(seed)
    let wave = random.normal()
    return Array.from({ length: rows }, (_, row) => {
      wave = 0.8 * wave + 0.6 * random.normal()
      const value = at(row, random, wave)
      return resolution === 0 ? value : Math.round(value / resolution) * resolution
    })
  }
}

const switching =
  (share: number, mean: number): MakeSensor =>
  (rows, seed) => {
    const random = randomOf(seed)
    const values: number[] = []
    while (values.length < rows) {
      const on = values.length > 0 && values.at(-1) === 0
      const stay = 1 + Math.floor(-Math.log(1 - random.next()) * (on ? mean : (mean * (1 - share)) / share))
      for (let i = 0; i < stay && values.length < rows; i++) values.push(Number(on))
    }
    return values
  }

/** Kinds of sensors whose good values have been taken for faults. */
export const SENSORS: Readonly<Record<string, MakeSensor>> = {
  'a valve of eleven positions': held(40, 50, random => 10 * random.below(11)),
  'a valve that moves a step at a time': held(15, 50, (random, level) =>
    Math.min(100, Math.max(0, level + (random.below(2) === 0 ? -5 : 5))),
  ),
  'a valve that ramps, then stands': (rows, seed) => {
    const random = randomOf(seed)
    const values = [0]
    while (values.length < rows) {
      const to = random.below(101)
      for (let at = values.at(-1)!; at !== to; ) {
        at += Math.sign(to - at) * Math.min(7, Math.abs(to - at))
        values.push(at)
      }
      const stay = 20 + random.below(200)
      for (let i = 0; i < stay; i++) values.push(to)
    }
    return values.slice(0, rows)
  },
  'a setpoint of three levels': held(
    300,
    60,
    (random, level) => [60, 65, 80].filter(each => each !== level)[random.below(2)]!,
  ),
  'a switch that is on half of the time': switching(0.5, 30),
  'a switch that is on 1 % of the time': switching(0.01, 6),
  'a bit that is set for single rows': (rows, seed) => {
    const random = randomOf(seed)
    return Array.from({ length: rows }, () => Number(random.next() < 0.01))
  },
  'noise of a tenth, told in tenths': noisy((_row, random) => 60 + 0.1 * random.normal(), 0.1),
  'a slow temperature, told in halves': noisy((row, _random, wave) => 20 + 5 * Math.sin(row / 200) + 0.2 * wave, 0.5),
  'a constant whose last digit flickers': noisy((_row, random) => (random.next() < 0.02 ? 7.1 : 7)),
  'a constant with noise': noisy((_row, _random, wave) => 4 + 0.01 * wave),
  'two ways of working': noisy((row, _random, wave) => (row % 500 < 350 ? 20 : 30) + 0.2 * wave),
  'a pump that is off for a third of the time': noisy((row, _random, wave) => (row % 300 < 100 ? 0 : 32 + 0.3 * wave)),
  'a pump that is off for hours and runs up in rows': noisy((row, _random, wave) =>
    row % 300 < 100 ? 0 : Math.min(1, ((row % 300) - 99) / 6) * (32 + 0.3 * wave),
  ),
  'a pump that is on for bursts': noisy((row, _random, wave) => (row % 600 < 20 ? 32 + wave : 0)),
  'a flow between two readings, mostly at one': noisy(
    (_row, random, wave) => (random.next() < 0.3 ? 33 : 32) + 0.001 * wave,
  ),
  'a load in bursts': noisy((row, random, wave) => (row % 24 === 0 ? 60 + 20 * random.next() : 2) + 0.05 * wave),
  'a pump that is off for a few rows at a time': noisy((row, _random, wave) => (row % 40 < 8 ? 0 : 32 + 0.5 * wave)),
}
