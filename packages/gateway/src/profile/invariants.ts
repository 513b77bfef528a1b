import { DEVICE_ID } from '../config/template.ts'
import type { Affordance } from './affordance.ts'
import type { Attached } from './book.ts'
import type { Description } from './description.ts'
import { type Compiled, compileLaw } from './law/index.ts'
import { Layout } from './layout.ts'
import type { Part } from './part.ts'
import type { SeriesBook } from './series.ts'

type ProfileOf = (device: string) => Description | undefined

/** Compiles the laws of all profiles and puts each to the devices and topics with whose messages it is judged, by device. */
export function attachLaws(
  descriptions: readonly Description[],
  series: SeriesBook,
  profileOf: ProfileOf,
): Map<string, Attached[]> {
  const board = new Board(series, profileOf)
  for (const description of descriptions) {
    for (const part of description.invariants) {
      for (const device of devicesOf(part, description)) board.add(part, device, description.id)
    }
  }
  return board.attached
}

/** The devices that a law is compiled for: once for each of the profile's where it holds `${device}`, else once. */
function devicesOf(part: Part, { devices }: Description): readonly (string | undefined)[] {
  if (!JSON.stringify(part.value).includes('${device}')) return [undefined]
  if (devices.length > 0 && devices.every(device => DEVICE_ID.test(device))) return devices
  part.fail('${device} stands here and rw:devices does not name each device', 'Write their ids, without wildcards.')
  return []
}

class Board {
  readonly attached = new Map<string, Attached[]>()
  readonly #layouts = new Map<string, Layout>()
  readonly #series: SeriesBook
  readonly #profileOf: ProfileOf

  constructor(series: SeriesBook, profileOf: ProfileOf) {
    this.#series = series
    this.#profileOf = profileOf
  }

  add(part: Part, device: string | undefined, profile: string): void {
    const place = { field: part.pointer, ...(device === undefined ? {} : { device }) }
    const result = compileLaw(part.value, this.#series, place)
    if (!result.ok) {
      for (const problem of result.problems) part.pass(problem)
      return
    }
    const heard = part
      .at('on')
      .texts()
      .map(name => name.replaceAll('${device}', device ?? '').split('/') as [string, string])
    for (const [speaker, readings] of Map.groupBy(heard, ([each]) => each)) {
      this.#attach(part, speaker, new Set(readings.map(([, name]) => name)), result.compiled, profile)
    }
  }

  #attach(part: Part, device: string, names: ReadonlySet<string>, compiled: Compiled, id: string): void {
    const { name, severity, law } = compiled
    const profile = this.#profileOf(device)
    if (profile === undefined) return
    const layout = this.#layouts.get(device) ?? new Layout(profile.words)
    this.#layouts.set(device, layout)
    const invariant = { name, profile: id, severity, law, word: layout.take(law.words) }
    if (layout.over > 0) {
      part.fail(
        `with this law ${device} needs ${layout.over} words more than a lane has`,
        'Split it, or name fewer readings.',
        'profile_lane_full',
      )
    }
    const list = this.attached.get(device) ?? []
    this.attached.set(device, list)
    for (const affordance of profile.affordances) {
      if (!affordance.signals.some(signal => names.has(signal.name))) continue
      list.push({ affordance, invariant })
      this.#share(compiled, device, affordance)
    }
  }

  /** What a law reads and its own message does not always bring, it reads from the site's series. */
  #share({ reads, areas }: Compiled, device: string, { signals }: Affordance): void {
    const brought = signals.filter(({ always }) => always).map(({ name }) => this.#series.numberOf(device, name))
    for (const series of reads) {
      if (areas.includes(series) || !brought.includes(series)) this.#series.share(series)
    }
  }
}
