import { suggestion } from '../config/near.ts'
import { Flaw, quote } from '../config/problem.ts'
import type { Conversion } from './types.ts'

/** A unit: `value * factor + offset` is the value in its dimension's base unit. */
export interface Unit {
  readonly dimension: string
  readonly factor: number
  readonly offset: number
}

type Row = readonly [code: string, factor: number, offset?: number]

/** UCUM codes (case sensitive, unitsofmeasure.org) that plants use, by dimension; the first of each is the base. */
const DIMENSIONS: Readonly<Record<string, readonly Row[]>> = {
  number: [
    ['1', 1],
    ['%', 0.01],
    ['[ppm]', 1e-6],
    ['[ppb]', 1e-9],
  ],
  length: [
    ['m', 1],
    ['km', 1000],
    ['dm', 0.1],
    ['cm', 0.01],
    ['mm', 0.001],
    ['um', 1e-6],
    ['[in_i]', 0.0254],
    ['[ft_i]', 0.3048],
  ],
  area: [
    ['m2', 1],
    ['cm2', 1e-4],
    ['mm2', 1e-6],
  ],
  volume: [
    ['m3', 1],
    ['l', 0.001],
    ['L', 0.001],
    ['hl', 0.1],
    ['dl', 1e-4],
    ['ml', 1e-6],
    ['mL', 1e-6],
    ['cm3', 1e-6],
    ['[gal_us]', 0.003785411784],
  ],
  'volume flow': [
    ['m3/s', 1],
    ['m3/min', 1 / 60],
    ['m3/h', 1 / 3600],
    ['l/s', 0.001],
    ['L/s', 0.001],
    ['l/min', 0.001 / 60],
    ['L/min', 0.001 / 60],
    ['l/h', 0.001 / 3600],
    ['ml/min', 1e-6 / 60],
    ['[gal_us]/min', 0.003785411784 / 60],
  ],
  mass: [
    ['kg', 1],
    ['g', 0.001],
    ['mg', 1e-6],
    ['t', 1000],
    ['[lb_av]', 0.45359237],
  ],
  'mass flow': [
    ['kg/s', 1],
    ['kg/min', 1 / 60],
    ['kg/h', 1 / 3600],
    ['t/h', 1000 / 3600],
  ],
  density: [
    ['kg/m3', 1],
    ['g/cm3', 1000],
    ['kg/l', 1000],
  ],
  temperature: [
    ['K', 1],
    ['Cel', 1, 273.15],
    ['[degF]', 5 / 9, 459.67 * (5 / 9)],
  ],
  pressure: [
    ['Pa', 1],
    ['hPa', 100],
    ['kPa', 1000],
    ['MPa', 1e6],
    ['mbar', 100],
    ['bar', 1e5],
    ['[psi]', 6894.757293168],
    ['atm', 101_325],
    ['m[H2O]', 9806.65],
  ],
  time: [
    ['s', 1],
    ['ms', 0.001],
    ['us', 1e-6],
    ['min', 60],
    ['h', 3600],
    ['d', 86_400],
  ],
  velocity: [
    ['m/s', 1],
    ['cm/s', 0.01],
    ['mm/s', 0.001],
    ['m/min', 1 / 60],
    ['km/h', 1 / 3.6],
  ],
  acceleration: [
    ['m/s2', 1],
    ['mm/s2', 0.001],
    ['[g]', 9.80665],
  ],
  frequency: [
    ['Hz', 1],
    ['/s', 1],
    ['kHz', 1000],
    ['MHz', 1e6],
    ['/min', 1 / 60],
    ['{rpm}', 1 / 60],
    ['{rev}/min', 1 / 60],
    ['rpm', 1 / 60],
  ],
  angle: [
    ['rad', 1],
    ['deg', Math.PI / 180],
  ],
  force: [
    ['N', 1],
    ['kN', 1000],
  ],
  torque: [['N.m', 1]],
  voltage: [
    ['V', 1],
    ['mV', 0.001],
    ['kV', 1000],
  ],
  current: [
    ['A', 1],
    ['mA', 0.001],
    ['kA', 1000],
  ],
  resistance: [
    ['Ohm', 1],
    ['kOhm', 1000],
  ],
  power: [
    ['W', 1],
    ['mW', 0.001],
    ['kW', 1000],
    ['MW', 1e6],
    ['V.A', 1],
    ['kV.A', 1000],
  ],
  energy: [
    ['J', 1],
    ['kJ', 1000],
    ['MJ', 1e6],
    ['W.h', 3600],
    ['kW.h', 3.6e6],
    ['MW.h', 3.6e9],
  ],
  illuminance: [['lx', 1]],
  conductivity: [
    ['S/m', 1],
    ['mS/cm', 0.1],
    ['uS/cm', 1e-4],
  ],
  acidity: [['[pH]', 1]],
  sound: [['dB', 1]],
}

const UNITS: ReadonlyMap<string, Unit> = new Map(
  Object.entries(DIMENSIONS).flatMap(([dimension, rows]) =>
    rows.map(([code, factor, offset = 0]): [string, Unit] => [code, { dimension, factor, offset }]),
  ),
)

/** Codes that are written elsewhere than in UCUM, with what UCUM calls them. */
const WRITTEN_OTHERWISE: Readonly<Record<string, string>> = {
  '°C': 'Cel',
  C: 'Cel',
  degC: 'Cel',
  '°F': '[degF]',
  degF: '[degF]',
  psi: '[psi]',
  ppm: '[ppm]',
  pH: '[pH]',
  in: '[in_i]',
  ft: '[ft_i]',
  lb: '[lb_av]',
  'm³': 'm3',
  'm³/h': 'm3/h',
  'm^3/h': 'm3/h',
  kWh: 'kW.h',
  Wh: 'W.h',
  MWh: 'MW.h',
  Nm: 'N.m',
  ohm: 'Ohm',
  µm: 'um',
}

/** The unit of a UCUM code, or what is wrong with it. */
export function unitOf(code: string): Unit | Flaw {
  const unit = UNITS.get(code)
  if (unit !== undefined) return unit
  const meant = Object.hasOwn(WRITTEN_OTHERWISE, code) ? WRITTEN_OTHERWISE[code] : undefined
  const hint = meant === undefined ? near(code) : `UCUM writes it ${meant}.`
  return new Flaw(`the unit ${quote(code)} is not known`, hint)
}

function near(code: string): string {
  const words = suggestion(code, [...UNITS.keys()])
  return words.startsWith('Did') ? words : 'Write a UCUM code, such as m, l/s, Cel, kPa, % or 1.'
}

/** How values of one unit become values of another, or why they do not. */
export function convert(from: string, to: string): Conversion | Flaw {
  if (from === to) return { factor: 1, offset: 0 }
  const source = unitOf(from)
  if (source instanceof Flaw) return source
  const target = unitOf(to)
  if (target instanceof Flaw) return target
  if (source.dimension !== target.dimension) {
    const what = `${from} is a unit of ${source.dimension}, ${to} one of ${target.dimension}`
    return new Flaw(what, 'Readings are converted within one dimension only.')
  }
  return { factor: tidy(source.factor / target.factor), offset: tidy((source.offset - target.offset) / target.factor) }
}

/** Takes off the last bits, which division leaves behind: 0.01 / 0.001 is 10. */
const tidy = (value: number) => Number(value.toPrecision(15))
